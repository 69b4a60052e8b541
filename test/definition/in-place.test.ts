import fs from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import { parseProjectConfig } from '../../src/contract/config.ts'
import type { ProjectConfig } from '../../src/contract/types.ts'
import { acceptedPins, comparedPins, definitionOfConfig } from '../../src/definition/in-place.ts'
import { diffPins } from '../../src/definition/index.ts'
import { workspace, write } from './workspace.ts'

const PATH = '/usr/bin:/bin'
const roots: string[] = []
afterEach(() => {
  for (const root of roots.splice(0)) fs.rmSync(root, { recursive: true, force: true })
})

const scripts = (unit: string, e2e: string): string => JSON.stringify({ scripts: { unit, e2e } })

function configOf(policy: string, e2e: object): ProjectConfig {
  const text = JSON.stringify({
    version: 2,
    commands: { unit: ['npm', 'run', 'unit'], e2e: { argv: ['npm', 'run', 'e2e'], ...e2e } },
    gateProfiles: { fast: [], default: [], final: ['unit', 'e2e'] },
    policy: { verify: policy },
  })
  const parsed = parseProjectConfig(text, 'config')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  return parsed.value
}

/** Names of what differs, once the scripts are these. */
function differing(config: ProjectConfig, unit: string, e2e: string): readonly string[] {
  const root = workspace({ 'package.json': scripts('sh unit.sh', 'sh e2e.sh') })
  roots.push(root)
  const frozen = definitionOfConfig(root, config, PATH)
  if (!frozen.ok) throw new Error(frozen.error.message)
  write(root, { 'package.json': scripts(unit, e2e) })
  const compared = comparedPins(root, { pins: frozen.value.pins, config }, PATH)
  if (!compared.now.ok) throw new Error(compared.now.error.message)
  const changes = diffPins(compared.frozen, compared.now.value).map(({ id }) => id)
  const accepted = acceptedPins({ pins: frozen.value.pins, config }, compared.now.value)
  const after = comparedPins(root, { pins: accepted, config }, PATH)
  // What was accepted is no difference any more.
  expect(after.now.ok && diffPins(after.frozen, after.now.value)).toEqual([])
  return changes.filter((id) => id.startsWith('package.json#'))
}

describe('which pins are held against the work', () => {
  test.each([
    [
      'all of gates in place',
      configOf('in-place', {}),
      ['package.json#scripts.e2e', 'package.json#scripts.unit'],
    ],
    ['none of gates in the clean room', configOf('clean-room', {}), []],
    [
      'those of the gate that passes in place',
      configOf('clean-room', { verify: 'in-place' }),
      ['package.json#scripts.e2e'],
    ],
  ])('%s', (_name, config, expected) => {
    expect(differing(config, 'true', 'true')).toEqual(expected)
  })
})
