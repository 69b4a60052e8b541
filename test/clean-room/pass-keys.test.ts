import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { readEnv } from '../../src/base/env.ts'
import { sha256 } from '../../src/base/hash.ts'
import type { Command } from '../../src/contract/types.ts'
import { asItLies } from '../../src/gates/resolve.ts'
import { realContext } from '../../src/records/context.ts'
import { type PassOf, passKeys } from '../../src/records/pass-keys.ts'
import { freshRun } from '../verdict/make.ts'

let dir: string
let of: PassOf
const at = (...names: string[]): string => path.join(dir, ...names)
const put = (file: string, text: string): void => fs.writeFileSync(file, text, { mode: 0o755 })
beforeEach(() => {
  dir = fs.realpathSync(fs.mkdtempSync(path.join(os.homedir(), '.autoloop-keys-')))
  for (const name of ['repo', 'bin', 'home']) fs.mkdirSync(at(name))
  put(at('bin/runner'), '#!/usr/bin/env machine\n')
  put(at('bin/machine'), 'one')
  const activation = { ...freshRun.activation, repoRoot: at('repo'), gatePath: at('bin') }
  of = {
    run: { ...freshRun, activation },
    codex: null,
    tree: sha256('tree'),
    prepared: ['/prepared/1'],
    vars: { HOME: at('home'), TOKEN: 'secret', EDITOR: 'vi' },
    seen: asItLies,
  }
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

const command = (more: Partial<Command> = {}): Command => ({
  name: 'test',
  argv: ['runner', 'all'],
  cwd: '.',
  timeoutSeconds: 60,
  env: {},
  tty: false,
  parallel: false,
  network: 'loopback',
  writable: [],
  pins: [],
  evidence: false,
  secrets: ['TOKEN'],
  ...more,
})
const context = realContext({ ...readEnv(), home: '/nowhere', codexHome: '/nowhere' })
const keyOf = (parts: Partial<PassOf> = {}, more: Partial<Command> = {}): string =>
  passKeys(context, { ...of, ...parts }, [command(more)])[0] ?? ''

test('what a pass rests on is in its key, and nothing else', () => {
  const key = keyOf()
  expect(keyOf()).toBe(key)
  // Where a layer lies, and what no gate gets to see.
  expect(keyOf({ prepared: ['/elsewhere/1'] })).toBe(key)
  expect(keyOf({ vars: { ...of.vars, EDITOR: 'ed' } })).toBe(key)
  const { run } = of
  const others: Record<string, string> = {
    tree: keyOf({ tree: sha256('other') }),
    prepared: keyOf({ prepared: ['/prepared/2'] }),
    environment: keyOf({ vars: { ...of.vars, LANG: 'C' } }),
    secret: keyOf({ vars: { ...of.vars, TOKEN: 'other' } }),
    base: keyOf({ run: { ...run, activation: { ...run.activation, baselines: [sha256('b')] } } }),
    steps: keyOf({ run: { ...run, activation: { ...run.activation, steps: { test: { kind: 'one' } } } } }),
    argv: keyOf({}, { argv: ['runner', 'some'] }),
    own: keyOf({}, { env: { A: '1' } }),
    limit: keyOf({}, { timeoutSeconds: 61 }),
  }
  put(at('bin/machine'), 'three')
  others['interpreter'] = keyOf()
  put(at('bin/runner'), '#!/usr/bin/env machine\n#\n')
  others['program'] = keyOf()
  expect(new Set([key, ...Object.values(others)]).size).toBe(1 + Object.keys(others).length)
})

test('a program behind a shell counts, too', () => {
  const inShell = { argv: ['sh', '-c', 'runner all'] }
  const before = keyOf({}, inShell)
  put(at('bin/runner'), '#!/usr/bin/env machine\n##\n')
  expect(keyOf({}, inShell)).not.toBe(before)
})

test('what an earlier gate keeps for a later one is part of its key', () => {
  const build = (argv: readonly string[], keeps: readonly string[]): Command =>
    command({ name: 'build', argv, keeps })
  const last = (first: Command): string => passKeys(context, of, [first, command()])[1] ?? ''
  expect(last(build(['runner', 'a'], []))).toBe(last(build(['runner', 'b'], [])))
  expect(last(build(['runner', 'a'], ['dist/**']))).not.toBe(last(build(['runner', 'b'], ['dist/**'])))
  expect(last(build(['runner', 'a'], ['dist/**']))).not.toBe(last(build(['runner', 'a'], [])))
})
