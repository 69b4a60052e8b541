import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Env } from '../../../src/base/env.ts'
import { parseProjectConfig } from '../../../src/contract/config.ts'
import { writeMachine } from '../../../src/records/machine.ts'
import { applyInstall } from '../../../src/setup/install/apply.ts'
import { type InstallRequest, planInstall } from '../../../src/setup/install/plan.ts'

let dir = ''
let root = ''
let env: Env

beforeEach(() => {
  dir = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'install-'))
  root = path.join(dir, 'repo')
  const home = path.join(dir, 'home')
  for (const made of [root, home]) fs.mkdirSync(made)
  write(path.join(dir, 'skill'), { 'SKILL.md': 'run {{CLI}} status\n', 'agents/openai.yaml': 'a: 1\n' })
  env = { vars: {}, cwd: root, codexHome: dir, home, tmpDir: os.tmpdir(), uid: 0 }
  writeMachine(home, {
    v: 1,
    version: '0.3.0',
    installedAt: 0,
    node: process.execPath,
    codexHome: dir,
    codex: null,
    stopTimeoutSeconds: 1234,
    nodePty: null,
    hooks: [],
    hooksInstalled: null,
    files: {},
  })
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

function write(below: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(below, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
  }
}
const read = (name: string): string => fs.readFileSync(path.join(root, name), 'utf8')
const pkg = (scripts: object, more: object = {}): string => JSON.stringify({ name: 'x', scripts, ...more })
const plan = (more: Partial<InstallRequest> = {}): ReturnType<typeof planInstall> =>
  planInstall({ root, env, skillDir: path.join(dir, 'skill'), force: false, installHooks: false, ...more })

function planned(more: Partial<InstallRequest> = {}) {
  const result = plan(more)
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
  return result.value
}

test('a scope is proposed with reasons, and in the config only where that is asked for', () => {
  write(root, {
    'package.json': pkg({ test: 'jest' }),
    'package-lock.json': '{}',
    'src/a.js': '',
    '.npmrc': '',
  })
  const entries = [
    'src/**',
    'package.json#/dependencies',
    'package.json#/devDependencies',
    'package-lock.json',
  ]
  const shown = planned()
  expect(shown.scope.map((one) => one.entry)).toEqual(entries)
  expect(shown.scope.map((one) => one.reason)).not.toContain('')
  expect(shown.scopeWritten).toBe(false)
  expect(JSON.parse(shown.config.text)).not.toHaveProperty('policy')
  const { config, scopeWritten } = planned({ writeScope: true })
  expect(scopeWritten).toBe(true)
  expect(parseProjectConfig(config.text, 'config')).toMatchObject({
    ok: true,
    value: { policy: { scope: entries } },
  })
})

test('what the clean room would need is known, and not in the config before a gate was seen to pass there', () => {
  const locked = {
    'package.json': pkg({ test: 'jest' }, { dependencies: { a: '1' } }),
    'package-lock.json': '{}',
  }
  write(root, locked)
  const { prepare, config } = planned()
  expect(prepare.steps.map((one) => one.argv)).toEqual([['npm', 'ci', '--ignore-scripts']])
  expect(JSON.parse(config.text)).not.toHaveProperty('prepare')
  expect(JSON.parse(config.text)).not.toHaveProperty('policy')
  // A config that is there is a person's own: nothing is proposed beside it.
  write(root, { '.codex/autoloop.project.json': config.text })
  expect(planned().prepare.steps).toEqual([])
})

describe('commands', () => {
  const all = { check: 'a', quality: 'b', ci: 'c', typecheck: 'tsc', lint: 'eslint .', test: 'jest' }
  const without = (...names: string[]): object =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)))

  test.each<{
    scripts: object
    prefer?: readonly string[]
    names: readonly string[]
    fast: readonly string[]
  }>([
    { scripts: all, names: ['typecheck', 'lint', 'check', 'test'], fast: ['typecheck', 'lint'] },
    {
      scripts: without('check'),
      names: ['typecheck', 'lint', 'quality', 'test'],
      fast: ['typecheck', 'lint'],
    },
    {
      scripts: without('check', 'quality'),
      names: ['typecheck', 'lint', 'ci', 'test'],
      fast: ['typecheck', 'lint'],
    },
    {
      scripts: without('check', 'quality', 'ci'),
      names: ['typecheck', 'lint', 'test'],
      fast: ['typecheck', 'lint'],
    },
    { scripts: { test: 'node --test' }, names: ['test'], fast: [] },
    { scripts: { test: 'jest', lint: 'eslint . && npm test' }, names: ['lint'], fast: [] },
    {
      scripts: { test: 'echo "Error: no test specified" && exit 1', lint: 'x' },
      names: ['lint'],
      fast: ['lint'],
    },
    { scripts: { test: 'jest --watch', lint: 'x' }, names: ['lint'], fast: ['lint'] },
    { scripts: { check: '', test: 'x' }, names: ['test'], fast: [] },
    { scripts: all, prefer: ['lint', 'test', 'lint'], names: ['lint', 'test'], fast: ['lint'] },
    {
      scripts: { 'lint:types': 'x', 'test:unit': 'y' },
      prefer: ['lint:types', 'test:unit'],
      names: ['lint:types', 'test:unit'],
      fast: ['lint:types'],
    },
  ])('$scripts preferring $prefer gives $names', ({ scripts, prefer, names, fast }) => {
    write(root, { 'package.json': pkg(scripts), 'package-lock.json': '{}' })
    const config = parseProjectConfig(planned(prefer ? { preferScripts: prefer } : {}).config.text, 'x')
    if (!config.ok) throw new Error(JSON.stringify(config.error))
    expect(Object.keys(config.value.commands)).toEqual(names)
    expect(Object.values(config.value.commands).map((command) => command.argv)).toEqual(
      names.map((name) => ['npm', 'run', name]),
    )
    expect(config.value.gateProfiles).toEqual({ fast, default: names, final: names })
  })

  test.each<{ files: Readonly<Record<string, string>>; field?: unknown; flag?: string; is: string }>([
    { files: { 'package-lock.json': '' }, is: 'npm' },
    { files: { 'npm-shrinkwrap.json': '', 'package-lock.json': '' }, is: 'npm' },
    { files: { 'pnpm-lock.yaml': '' }, is: 'pnpm' },
    { files: { 'yarn.lock': '' }, is: 'yarn' },
    { files: { 'bun.lock': '' }, is: 'bun' },
    { files: { 'bun.lockb': '' }, is: 'bun' },
    { files: { 'yarn.lock': '', 'package-lock.json': '' }, field: 'pnpm@9.1.0+sha512.abc', is: 'pnpm' },
    { files: { 'yarn.lock': '', 'package-lock.json': '' }, field: 'cnpm@1', flag: 'bun', is: 'bun' },
    { files: {}, flag: 'npm', is: 'npm' },
  ])('package manager $is from $files, $field, $flag', ({ files, field, flag, is }) => {
    write(root, {
      ...files,
      'package.json': pkg({ test: 'x' }, field === undefined ? {} : { packageManager: field }),
    })
    const result = planned(flag === undefined ? {} : { packageManager: flag })
    expect(result.tool?.name).toBe(is)
    expect(result.commands[0]?.argv).toEqual([is, 'run', 'test'])
  })
})

describe('errors', () => {
  const good = { 'package.json': pkg({ test: 'x' }), 'package-lock.json': '{}' }
  test.each<{ code: string; files: Readonly<Record<string, string>>; more?: Partial<InstallRequest> }>([
    { code: 'missing_verification_commands', files: {} },
    { code: 'invalid_package_json', files: { 'package.json': '{' } },
    { code: 'invalid_package_json', files: { 'package.json': '[]' } },
    { code: 'missing_package_manager', files: { 'package.json': pkg({ test: 'x' }) } },
    { code: 'ambiguous_package_manager', files: { ...good, 'yarn.lock': '' } },
    {
      code: 'unsupported_package_manager',
      files: { ...good, 'package.json': pkg({ test: 'x' }, { packageManager: 'cnpm@1' }) },
    },
    {
      code: 'unsupported_package_manager',
      files: { ...good, 'package.json': pkg({ test: 'x' }, { packageManager: 7 }) },
    },
    { code: 'invalid_package_manager_override', files: good, more: { packageManager: 'make' } },
    { code: 'invalid_package_manager_override', files: good, more: { packageManager: '' } },
    { code: 'missing_verification_scripts', files: { ...good, 'package.json': '{}' } },
    {
      code: 'missing_verification_scripts',
      files: { ...good, 'package.json': pkg({ build: 'x', test: 7 }) },
    },
    { code: 'missing_preferred_script', files: good, more: { preferScripts: ['test', 'lint'] } },
    { code: 'missing_preferred_script', files: good, more: { preferScripts: ['hasOwn'] } },
    { code: 'invalid_preferred_script', files: good, more: { preferScripts: [] } },
    { code: 'invalid_preferred_script', files: good, more: { preferScripts: ['test', ''] } },
    { code: 'invalid_preferred_script', files: good, more: { preferScripts: ['--silent'] } },
    { code: 'repo_missing', files: {}, more: { root: '/nowhere/at/all' } },
    {
      code: 'invalid_config',
      files: { ...good, '.codex/autoloop.project.json': '{"commands":{"test":"npm test"}}' },
    },
    {
      code: 'hooks-json-invalid',
      files: { ...good, '.codex/hooks.json': '{' },
      more: { installHooks: true },
    },
  ])('$code', ({ code, files, more }) => {
    write(root, files)
    const before = tree()
    const result = plan(more)
    expect(result).toMatchObject({
      ok: false,
      error: { code, message: expect.any(String), fix: expect.any(String) },
    })
    expect(tree()).toEqual(before)
  })

  test('a machine without bootstrap', () => {
    fs.rmSync(path.join(env.home, 'machine.json'))
    expect(plan()).toMatchObject({ ok: false, error: { code: 'missing_machine_bootstrap' } })
  })

  test.each([
    '.codex',
    '.agents',
    '.agents/skills',
    '.codex/autoloop.project.json',
    '.agents/skills/autonomous-loop/SKILL.md',
  ])('a link as %s leads to no write outside', (name) => {
    write(root, good)
    const outside = path.join(dir, 'outside')
    fs.mkdirSync(outside)
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    fs.symlinkSync(outside, path.join(root, name))
    expect(plan({ force: true })).toMatchObject({ ok: false, error: { code: 'unsafe_path' } })
  })

  test('a FIFO in place of package.json or the config is named', () => {
    write(root, good)
    fs.mkdirSync(path.join(root, '.codex'))
    execFileSync('mkfifo', [path.join(root, '.codex/autoloop.project.json')])
    expect(plan()).toMatchObject({ ok: false, error: { code: 'unsafe_path' } })
    fs.rmSync(path.join(root, '.codex'), { recursive: true })
    fs.rmSync(path.join(root, 'package.json'))
    execFileSync('mkfifo', [path.join(root, 'package.json')])
    expect(plan()).toMatchObject({ ok: false, error: { code: 'invalid_package_json' } })
  })
})

describe('files', () => {
  const good = { 'package.json': pkg({ lint: 'eslint .', test: 'jest' }), 'package-lock.json': '{}' }

  test('the plan writes nothing, applying it writes exactly it, and a second time changes nothing', () => {
    write(root, good)
    const first = planned()
    expect(tree()).toEqual(['package-lock.json', 'package.json'])
    expect(applyInstall(first)).toEqual({
      ok: true,
      value: {
        written: [
          '.agents/skills/autonomous-loop/SKILL.md',
          '.agents/skills/autonomous-loop/agents/openai.yaml',
          '.codex/autoloop.project.json',
        ],
        kept: [],
        unchanged: [],
      },
    })
    expect(read('.codex/autoloop.project.json')).toBe(first.config.text)
    expect(first.config.path).toBe(path.join(root, '.codex/autoloop.project.json'))
    expect(read('.agents/skills/autonomous-loop/SKILL.md')).toBe('run autonomous-loop status\n')
    expect(JSON.parse(read('.codex/autoloop.project.json'))).toEqual({
      version: 1,
      commands: {
        lint: { argv: ['npm', 'run', 'lint'], timeoutSeconds: 300 },
        test: { argv: ['npm', 'run', 'test'], timeoutSeconds: 900 },
      },
      gateProfiles: { fast: ['lint'], default: ['lint', 'test'], final: ['lint', 'test'] },
      defaults: {
        gateProfile: 'default',
        fastGateProfile: 'fast',
        finalGateProfile: 'final',
        maxStopIterations: 12,
        maxRepeatedFailureSignature: 3,
      },
    })
    expect(first.config.text).toContain('      "argv": ["npm", "run", "lint"],\n')
    const again = planned({ force: true })
    expect(again.files.map((file) => file.action)).toEqual(['same', 'same', 'same'])
    expect(applyInstall(again)).toMatchObject({ ok: true, value: { written: [] } })
  })

  test('existing files stay, and the config that is approved is the one that stands there', () => {
    const own = '{"version":1,"commands":{"mine":["make"]}}'
    write(root, {
      ...good,
      '.codex/autoloop.project.json': own,
      '.agents/skills/autonomous-loop/SKILL.md': 'mine',
    })
    const kept = planned()
    expect(kept.config.text).toBe(own)
    expect(kept.commands).toMatchObject([{ name: 'mine', argv: ['make'] }])
    expect(applyInstall(kept)).toMatchObject({
      ok: true,
      value: {
        written: ['.agents/skills/autonomous-loop/agents/openai.yaml'],
        kept: ['.codex/autoloop.project.json', '.agents/skills/autonomous-loop/SKILL.md'],
      },
    })
    expect(read('.codex/autoloop.project.json')).toBe(own)

    const forced = planned({ force: true })
    expect(applyInstall(forced).ok).toBe(true)
    expect(read('.agents/skills/autonomous-loop/SKILL.md')).toBe('run autonomous-loop status\n')
    expect(read('.codex/autoloop.project.json')).toBe(forced.config.text)
  })

  test('a kept config needs no package.json', () => {
    write(root, { '.codex/autoloop.project.json': '{"commands":{"t":["make"]}}' })
    expect(planned().commands.map((command) => command.name)).toEqual(['t'])
  })

  test('hooks of the repository are merged, once, beside those of the user', () => {
    const user = '{\n  "hooks": { "Stop": [ {"hooks": [{"type":"command","command":"mine"}]} ] }\n}\n'
    write(root, { ...good, '.codex/hooks.json': user })
    const hooks = planned({ installHooks: true })
    expect(applyInstall(hooks)).toMatchObject({ ok: true })
    const parsed = JSON.parse(read('.codex/hooks.json')) as {
      hooks: Record<string, { hooks: { command: string; timeout?: number }[] }[]>
    }
    expect(parsed.hooks['Stop']?.map((group) => group.hooks[0]?.command)).toEqual([
      'mine',
      expect.stringContaining(path.join(env.home, 'bin', 'hook')),
    ])
    expect(parsed.hooks['Stop']?.[1]?.hooks[0]?.timeout).toBe(1234)
    expect(planned({ installHooks: true }).files.map((file) => file.action)).toEqual([
      'keep',
      'same',
      'same',
      'same',
    ])
  })

  test('a repository that cannot be written is said so', () => {
    write(root, good)
    const ready = planned()
    // A file where the directory should go: fails for every user, also root.
    fs.writeFileSync(path.join(root, '.agents'), '')
    expect(applyInstall(ready)).toMatchObject({ ok: false, error: { code: 'repo_unwritable' } })
    expect(fs.existsSync(path.join(root, '.codex'))).toBe(false)
  })
})

function tree(): string[] {
  return fs
    .readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort()
}
