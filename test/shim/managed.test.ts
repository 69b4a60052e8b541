import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { renderManagedShim } from '../../src/setup/managed/shim.ts'
import { SESSION, SHELLS, type Rig, makeRig, payload, removeRig, template } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

let rig: Rig
beforeEach(() => {
  rig = makeRig()
  const places = { requirements: '/nowhere', dir: '/nowhere/lib' }
  const about = { node: '/nowhere/node', version: '9.9.9' }
  fs.writeFileSync(rig.shim, renderManagedShim(fs.readFileSync(template, 'utf8'), places, about))
})
afterEach(() => removeRig(rig))

describe.each(sampleOf(SHELLS, SHELLS.length))('%s', (_name, shell) => {
  test.each([
    ['plain', (home: string) => `${home}/bin/autonomous-loop`],
    ['with a blank', (home: string) => `'${home}/bin/autonomous-loop'`],
    // Nothing that a shell takes; it can still be read.
    ["with it's quote", (home: string) => `${home}/bin/autonomous-loop`],
    ['with a "quote"', () => 'the home/bin/autonomous-loop'],
  ])('a home %s: the command that is named', (name, named) => {
    const top = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'managed-'))
    const home = path.join(top, name)
    for (const dir of ['armed', 'requests']) fs.mkdirSync(path.join(home, dir), { recursive: true })
    fs.writeFileSync(path.join(home, 'armed', SESSION), '')
    try {
      const done = rig.run('stop', payload('stop'), { shell, env: { AUTONOMOUS_LOOP_HOME: home } })
      expect((JSON.parse(done.stdout) as { stopReason: string }).stopReason).toContain(
        `the repair run: ${named(home)} doctor. `,
      )
    } finally {
      fs.rmSync(top, { recursive: true })
    }
  })
})
