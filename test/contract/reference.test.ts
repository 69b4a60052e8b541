import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { type JsonObject, isObject } from '../../src/base/json.ts'
import { parseWholeConfig } from '../../src/contract/whole-config.ts'
import {
  configDescriptions,
  evidenceDescriptions,
  kindDescriptions,
  taskDescriptions,
} from '../../src/contract/descriptions.ts'
import { evidenceKinds } from '../../src/contract/evidence-kinds.ts'
import { configHints, taskHints } from '../../src/contract/hints.ts'
import { projectConfigJsonSchema, taskJsonSchema } from '../../src/contract/json-schema.ts'
import { supervisorHints } from '../../src/contract/supervisor/hints.ts'
import { parseTasks } from '../../src/contract/tasks.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const doc = fs.readFileSync(`${root}docs/configuration.md`, 'utf8')

/** Every place of a JSON schema, as in hints.ts, with its default. */
function places(schema: JsonObject, path = ''): Map<string, unknown> {
  const found = new Map<string, unknown>([[path, schema['default']]])
  const add = (value: unknown, at: string) => {
    if (isObject(value))
      for (const [key, standard] of places(value, at)) found.set(key, found.get(key) ?? standard)
  }
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  for (const [key, value] of Object.entries(properties)) add(value, path === '' ? key : `${path}.${key}`)
  if (isObject(schema['additionalProperties'])) add(schema['additionalProperties'], `${path}.*`)
  if (isObject(schema['items'])) add(schema['items'], `${path}[]`)
  for (const word of ['anyOf', 'oneOf'])
    for (const one of (schema[word] as unknown[] | undefined) ?? [])
      if (isObject(one) && 'type' in one) add(one, path)
  return found
}

const configAndSupervisor = { ...configHints, ...supervisorHints }
const configPlaces = places(projectConfigJsonSchema())
const taskPlaces = places(taskJsonSchema())
const isElement = (place: string) => place === '' || /(?:\.\*|\[\])$/.test(place)

describe('what is generated', () => {
  test('is what is committed', () => {
    // Exits 1, naming the file, when one of them is out of date.
    execFileSync(process.execPath, [`${root}scripts/schemas.js`, '--check'], { stdio: 'pipe' })
  })

  test('leaves no table of the reference empty', () => {
    expect(doc.match(/<!-- table: \w+ -->\n\| /g)).toHaveLength(18)
  })
})

describe('the reference', () => {
  const rows = doc.split('\n').filter((line) => line.startsWith('| `'))

  test.each([...configPlaces, ...taskPlaces].filter(([place]) => !isElement(place)))(
    'has a row for %s with its default %j',
    (place, standard) => {
      const field = place.split('.').at(-1) ?? ''
      const own = rows.filter((row) => row.startsWith(`| \`${field}\` |`))
      expect(own).not.toEqual([])
      if (standard !== undefined)
        expect(own.some((row) => row.includes(`| \`${JSON.stringify(standard)}\` |`))).toBe(true)
    },
  )

  test('shows examples that are valid', () => {
    const examples = [...doc.matchAll(/```json\n([^]*?)```/g)].map((match) => match[1] ?? '')
    const configs = examples.slice(0, -1)
    expect(configs.length).toBeGreaterThan(1)
    for (const config of configs) expect(parseWholeConfig(config, 'doc')).toMatchObject({ ok: true })
    expect(parseWholeConfig('{"commands": {"test": ["npm", "test"]}}', 'doc')).toMatchObject({ ok: true })
    expect(parseTasks(examples.slice(-1))).toMatchObject({ ok: true })
  })
})

describe('words for every field, and no word too many', () => {
  const fields = (all: Map<string, unknown>) => [...all.keys()].filter((place) => !isElement(place)).sort()

  test('descriptions of the config', () => {
    expect(Object.keys(configDescriptions).sort()).toEqual(fields(configPlaces))
  })
  test('descriptions of tasks and evidence', () => {
    expect(
      [
        ...Object.keys(taskDescriptions),
        ...Object.keys(evidenceDescriptions).map((field) => `evidence[].${field}`),
      ].sort(),
    ).toEqual(fields(taskPlaces))
    expect(Object.keys(kindDescriptions)).toEqual(Object.keys(evidenceKinds))
  })
  test('hints of the config', () => {
    expect(new Set([...Object.keys(configAndSupervisor), 'semanticReview'])).toEqual(
      new Set(configPlaces.keys()),
    )
  })
  test('hints of tasks', () => {
    expect(new Set(Object.keys(taskHints))).toEqual(new Set(taskPlaces.keys()))
  })
})

describe('every example in a problem would have been accepted', () => {
  /** What a piece of `supervisor` needs around it. */
  function wholeSupervisor(place: string, given: JsonObject): JsonObject {
    const ofCodex = /\.(?:adapter|model|effort|bin)$/.test(place)
    const agent = ofCodex ? { adapter: 'codex' } : { adapter: 'command', argv: ['./agent.sh'] }
    const agents: JsonObject = isObject(given['agents']) ? given['agents'] : { codex: { adapter: 'codex' } }
    const own = isObject(agents['test']) && !('adapter' in agents['test']) ? agents['test'] : undefined
    const on = isObject(given['on']) ? Object.entries(given['on'] as Record<string, object>) : []
    return {
      ...given,
      agents: own ? { ...agents, test: { ...agent, ...own } } : agents,
      ...(on.length > 0 && {
        on: Object.fromEntries(on.map(([event, one]) => [event, { argv: ['n'], ...one }])),
      }),
      ...(isObject(given['escalate']) && { escalate: { effort: 'high', ...given['escalate'] } }),
    }
  }

  /** A config that consists of the example at its place, plus what that place needs around it. */
  function configWith(place: string, example: string): string {
    const json = JSON.parse(example) as unknown
    const value = place
      .split(/\.|(?=\[\])/)
      .filter((part) => part !== '')
      .reduceRight<unknown>((inner, part) => {
        if (part === '[]') return [inner]
        if (part !== '*') return { [part]: inner }
        return place.startsWith('gateProfiles') ? { final: inner } : { test: inner }
      }, json)
    const commands = { lint: ['l'], test: ['npm', 'test'] }
    const config = place === '' ? (json as JsonObject) : { commands, ...(value as JsonObject) }
    const own = isObject(config['commands']) ? config['commands'] : {}
    const command = own['test']
    const services = isObject(command) && Array.isArray(command['services']) ? command['services'] : []
    const complete = services.map((one: JsonObject) => ({ argv: ['s'], ready: ['r'], ...one }))
    const whole = isObject(command)
      ? { argv: ['npm', 'test'], ...command, ...(complete.length > 0 && { services: complete }) }
      : command
    const notify = config['notify']
    const ofTheBox = /^commands\.\*\.(?:reach|secrets|services|steps|box)\b/.test(place)
    const ofTheRoom = /^(?:prepare|copy|supervisor)\b|\b(?:verify|tests)$/.test(place)
    const steps = Array.isArray(config['prepare']) ? config['prepare'] : []
    return JSON.stringify({
      // A field that is of version 2 alone.
      ...((ofTheBox || ofTheRoom || /keeps|limits|commands.*gateWrites/.test(place)) && { version: 2 }),
      ...(place.endsWith('.tests') && { policy: { verify: 'clean-room' } }),
      ...config,
      commands: { ...commands, ...own, test: whole ?? commands.test },
      ...(steps.length > 0 && {
        prepare: steps.map((one) => (isObject(one) ? { argv: ['p'], ...one } : one)),
      }),
      ...(isObject(notify) && { notify: { argv: ['n'], ...notify } }),
      ...(isObject(config['supervisor']) && { supervisor: wholeSupervisor(place, config['supervisor']) }),
    })
  }

  test.each(
    Object.entries(configAndSupervisor)
      .filter(([place]) => !place.endsWith('.env.*'))
      .map(([place, hint]) => [place, hint.example] as const),
  )('config: %s: %s', (place, example) => {
    expect(parseWholeConfig(configWith(place, example), place)).toMatchObject({ ok: true })
  })

  test.each(Object.entries(evidenceKinds))('evidence: %s: $example', (_kind, { example }) => {
    expect(parseTasks([`{"id": "T9", "title": "t", "evidence": [${example}]}`])).toMatchObject({ ok: true })
  })

  test.each(
    Object.entries(taskHints).flatMap(([place, hint]) =>
      place.startsWith('evidence[]') ? [] : [[place, hint.example] as const],
    ),
  )('task: %s: %s', (place, example) => {
    const json = JSON.parse(example) as unknown
    const base = { id: 'T9', title: 't', evidence: [{ kind: 'pathExists', path: 'a' }] }
    const task =
      place === ''
        ? json
        : place.endsWith('[]')
          ? { ...base, [place.slice(0, -2)]: [json] }
          : { ...base, [place]: json }
    expect(parseTasks([JSON.stringify(task)])).toMatchObject({ ok: true })
  })
})
