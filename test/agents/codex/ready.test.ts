import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { findCodexBinary } from '../../../src/agents/codex/find-binary.ts'
import { personConfig } from '../../../src/agents/codex/person-config.ts'
import { codexReady } from '../../../src/agents/codex/sign-in.ts'
import { codexBinary, codexVersions } from '../../rig/binaries.ts'

let dir: string
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-ready-'))
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

const provider = (more = ''): string =>
  `model_provider = "mine"\n[model_providers.mine]\nname = "mine"\nbase_url = "http://127.0.0.1:1/v1"\n${more}`

test.each(codexVersions)('a sign-in is asked for where the provider needs one: %s', (version) => {
  const code = (config: string, auth: string | null = null, vars: Record<string, string> = {}): string => {
    const home = fs.mkdtempSync(path.join(dir, 'home-'))
    fs.writeFileSync(path.join(home, 'config.toml'), config)
    if (auth !== null) fs.writeFileSync(path.join(home, 'auth.json'), auth)
    const ready = codexReady(codexBinary(version), home, { PATH: '/usr/bin:/bin', ...vars })
    return ready.ok ? 'ready' : ready.error.code
  }
  expect(code('')).toBe('agent-signed-out')
  expect(code('', '{"OPENAI_API_KEY":"made-up"}')).toBe('ready')
  expect(code('', null, { CODEX_API_KEY: 'made-up' })).toBe('ready')
  expect(code(provider())).toBe('ready')
  // What it says of itself there is that nobody is signed in.
  expect(code('model = \n')).toBe('codex-unusable')
  expect(code(provider('requires_openai_auth = true\n'))).toBe('agent-signed-out')
})

test('what a config says of trust is asked by the place of the checkout', () => {
  fs.writeFileSync(
    path.join(dir, 'config.toml'),
    '[projects."/a/b"]\ntrust_level = "trusted"\n[projects."/c"]\ntrust_level = "untrusted"\n',
  )
  const { isTrusted } = personConfig(dir)
  expect(['/a/b', '/c', '/a'].map(isTrusted)).toEqual([true, false, false])
})

test('the binary: what the config names, then CODEX_BIN, then the approved PATH, then the one that is known', () => {
  const program = (name: string): string => {
    const file = path.join(dir, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, '', { mode: 0o755 })
    return fs.realpathSync(file)
  }
  const [bin, named, recorded, onPath] = ['one', 'two', 'three', 'bin/codex'].map(program)
  const all = {
    bin,
    vars: { CODEX_BIN: named },
    gatePath: `relative:${path.join(dir, 'bin')}`,
    recorded: recorded!,
  }
  const found = (more: object): unknown => {
    const one = findCodexBinary({ ...all, ...more })
    return one.ok ? one.value : one.error.code
  }
  expect(found({})).toBe(bin)
  expect(found({ bin: undefined })).toBe(named)
  expect(found({ bin: undefined, vars: {} })).toBe(onPath)
  expect(found({ bin: undefined, vars: {}, gatePath: '/nowhere' })).toBe(recorded)
  expect(found({ bin: undefined, vars: {}, gatePath: '/nowhere', recorded: null })).toBe('codex-missing')
  expect(found({ bin: './one' })).toBe('codex-missing')
  expect(found({ bin: path.join(dir, 'gone') })).toBe('codex-missing')
})

test('of an npm installation the native binary is started, never the launcher', () => {
  const launcher = path.join(process.cwd(), 'node_modules/.bin/codex')
  expect(findCodexBinary({ bin: launcher, vars: {}, gatePath: '', recorded: null })).toEqual({
    ok: true,
    value: fs.realpathSync(codexBinary()),
  })
})
