import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type SandboxRequest, sandboxLaunch } from '../../src/codex/sandbox/launch.ts'
import { codexBinary, oldestCodex } from '../rig/binaries.ts'
import { type Lab, gate, makeLab, sandboxed, shell } from './rig.ts'

let lab: Lab
beforeEach(() => {
  lab = makeLab()
})
afterEach(() => lab.remove())

/** A script that prints which of the given places it could write, by name. */
const probe = (places: Readonly<Record<string, string>>): string =>
  Object.entries(places)
    .map(([name, file]) => `(: > '${file.replaceAll("'", `'\\''`)}') 2>/dev/null && echo ${name}`)
    .concat('true')
    .join('\n')

const written = (tail: string): string[] => tail.trim().split('\n').filter(Boolean).sort()

test('what a gate can write', async () => {
  const cache = path.join(lab.dir, 'cache')
  for (const dir of ['nested/.git', 'sub', 'state'])
    fs.mkdirSync(path.join(lab.root, dir), { recursive: true })
  fs.mkdirSync(cache)
  const places = {
    workspace: path.join(lab.root, 'f'),
    subdirectory: path.join(lab.root, 'sub/f'),
    tmp: `/tmp/autoloop-gate-${process.pid}`,
    cache: path.join(cache, 'f'),
    git: path.join(lab.root, '.git/f'),
    codex: path.join(lab.root, '.codex/f'),
    agents: path.join(lab.root, '.agents/f'),
    state: path.join(lab.home, 'f'),
    ledger: path.join(lab.home, 'ledger.jsonl'),
    codexHome: path.join(lab.codexHome, 'f'),
    sandboxHome: path.join(lab.home, 'sandbox-home/config.toml'),
    home: path.join(os.homedir(), `.autoloop-gate-${process.pid}`),
    outside: path.join(lab.dir, 'f'),
    varTmp: `/var/tmp/autoloop-gate-${process.pid}`,
  }
  const result = await gate(lab, shell(probe(places), { cwd: 'sub' }), { launch: sandboxed(lab, [cache]) })
  fs.rmSync(places.tmp, { force: true })
  expect(result.outcome).toEqual({ kind: 'passed' })
  expect(written(result.tail)).toEqual(['cache', 'subdirectory', 'tmp', 'workspace'])
})

test('a directory below another writable one is not named again, unless that would open or close something', async () => {
  const at = (...names: string[]): string => path.join(lab.dir, 'cache', ...names)
  const all = [at(), at('plain'), at('repo'), at('.aws/below')]
  for (const dir of [at('plain'), at('repo/.git'), at('.aws/below')]) fs.mkdirSync(dir, { recursive: true })
  const launch = sandboxLaunch({ ...request([], {}), writable: all })
  if (!launch.ok) throw new Error(launch.error.message)
  expect(all.filter((dir) => launch.value.argv.join(' ').includes(`"${dir}"="write"`))).toEqual([
    at(),
    at('repo'),
    at('.aws/below'),
  ])
  expect(launch.value.writable).toEqual([lab.root, ...all])
  const places = {
    plain: at('plain/f'),
    repo: at('repo/f'),
    git: at('repo/.git/f'),
    aws: at('.aws/f'),
    below: at('.aws/below/f'),
  }
  const result = await gate(lab, shell(probe(places)), { launch: sandboxed(lab, all) })
  expect(result.outcome).toEqual({ kind: 'passed' })
  expect(written(result.tail)).toEqual(['below', 'plain', 'repo'])
})

test('state below writable directories stays as it is, even if its parents are moved', async () => {
  const cache = path.join(lab.dir, 'cache')
  const deep = path.join(cache, 'a/b/state')
  const inRepo = path.join(lab.root, 'x/y/state')
  for (const dir of [deep, inRepo]) {
    fs.mkdirSync(dir, { recursive: true })
    fs.writeFileSync(path.join(dir, 'keep'), 'mine')
  }
  const text = [deep, inRepo]
    .map(
      (dir) =>
        `rm -rf ${dir} ${path.dirname(dir)}; mv ${dir} ${dir}.2; mv ${path.dirname(dir)} ${path.dirname(dir)}2; mv ${path.dirname(path.dirname(dir))} ${path.dirname(path.dirname(dir))}2; mkdir -p ${dir}; echo evil > ${dir}/keep; : > ${path.dirname(dir)}/beside`,
    )
    .join('\n')
  const result = await gate(lab, shell(`${text}\ntrue`), {
    launch: (start) =>
      sandboxLaunch({
        ...request(start.argv, start.env),
        writable: [cache],
        protectedDirs: [lab.home, lab.codexHome, deep, inRepo],
      }),
  })
  expect(result.outcome).toEqual({ kind: 'passed' })
  for (const dir of [deep, inRepo]) {
    expect(fs.readFileSync(path.join(dir, 'keep'), 'utf8')).toBe('mine')
    // What lies beside it is still the gate's.
    expect(fs.existsSync(path.join(path.dirname(dir), 'beside'))).toBe(true)
  }
})

const request = (argv: readonly string[], env: Readonly<Record<string, string>>): SandboxRequest => ({
  codexBin: codexBinary(),
  sandboxCodexHome: path.join(lab.home, 'sandbox-home'),
  root: lab.root,
  argv,
  env,
  writable: [],
  protectedDirs: [lab.home, lab.codexHome],
  network: false,
})

test('a gate that attacks the controller changes nothing and fails as the test it is', async () => {
  const before = fs.readdirSync(lab.home).sort()
  const result = await gate(
    lab,
    shell(
      `rm -rf ${lab.home} ${lab.codexHome}; echo evil > ${lab.home}/ledger.jsonl; chmod 777 ${lab.home}/ledger.jsonl
       ln -sf /etc/passwd ${lab.codexHome}/config.toml; mv ${lab.codexHome} ${lab.dir}/moved
       kill -9 $PPID; kill -9 ${process.pid}; kill -9 -1; exit 9`,
    ),
    { launch: sandboxed(lab) },
  )
  expect(result.outcome.kind).toBe('failed')
  expect(fs.readFileSync(path.join(lab.home, 'ledger.jsonl'), 'utf8')).toBe('state')
  expect(
    fs
      .readdirSync(lab.home)
      .filter((name) => name !== 'sandbox-home')
      .sort(),
  ).toEqual(before)
  expect(fs.existsSync(path.join(lab.codexHome, 'config.toml'))).toBe(false)
  expect(fs.existsSync(path.join(lab.dir, 'moved'))).toBe(false)
})

test('no network, not even to itself, unless the command says so', async () => {
  const listen = `node -e 'require("net").createServer().on("error",(e)=>{console.log(e.code);process.exit(7)}).listen(0,"127.0.0.1",function(){console.log("up");this.close()})'`
  const off = await gate(lab, shell(listen), { launch: sandboxed(lab) })
  expect(off).toMatchObject({ outcome: { kind: 'failed', exitCode: 7 }, tail: 'EPERM\n' })
  const on = await gate(lab, shell(listen, { network: true }), { launch: sandboxed(lab) })
  expect(on).toMatchObject({ outcome: { kind: 'passed' }, tail: 'up\n' })
})

test.each([
  ['broken', 'not = = toml ['],
  ['generous', 'sandbox_mode = "danger-full-access"\n[permissions.gate.filesystem]\n"/" = "write"\n'],
])('a %s config of the project or the person has no influence', async (_name, config) => {
  fs.mkdirSync(path.join(lab.root, '.codex'))
  fs.writeFileSync(path.join(lab.root, '.codex/config.toml'), config)
  fs.writeFileSync(path.join(lab.codexHome, 'config.toml'), config)
  const result = await gate(lab, shell(probe({ ok: `${lab.root}/f`, evil: `${lab.dir}/f` })), {
    launch: sandboxed(lab),
    vars: { HOME: os.homedir(), CODEX_HOME: lab.codexHome },
  })
  expect(result.outcome).toEqual({ kind: 'passed' })
  expect(written(result.tail)).toEqual(['ok'])
})

test.each([
  'quo"te',
  "apo'strophe",
  'back\\slash',
  'ümläut ☃',
  '$HOME',
  '~',
  'a=b,c={}',
  ' lead',
  'del\u007F',
])('a directory called %j is writable when named, and its neighbour is not', async (name) => {
  const dir = path.join(lab.dir, name)
  const neighbour = `${dir}x`
  for (const each of [dir, neighbour, path.join(dir, 'state')]) fs.mkdirSync(each)
  const places = { named: `${dir}/f`, neighbour: `${neighbour}/f`, state: `${dir}/state/f` }
  const result = await gate(lab, shell(probe(places)), {
    launch: (start) =>
      sandboxLaunch({
        ...request(start.argv, start.env),
        writable: [dir],
        protectedDirs: [lab.home, path.join(dir, 'state')],
      }),
  })
  expect(result).toMatchObject({ outcome: { kind: 'passed' }, tail: 'named\n' })
})

describe('refused before anything runs', () => {
  const cases: readonly (readonly [string, () => Partial<SandboxRequest>, string])[] = [
    ['a pattern as directory', () => ({ writable: [made('a*b')] }), 'sandbox-path'],
    [
      'a pattern that holds the state',
      () => ({ writable: [lab.dir], protectedDirs: [made('[state]')] }),
      'sandbox-path',
    ],
    ['the state as writable directory', () => ({ writable: [lab.home] }), 'sandbox-unsafe'],
    ['a part of the state', () => ({ writable: [path.join(lab.home, 'gates')] }), 'sandbox-unsafe'],
    ['the whole disk', () => ({ writable: ['/'] }), 'sandbox-unsafe'],
    ['a workspace inside the state', () => ({ root: lab.home }), 'sandbox-unsafe'],
    ['codex in the workspace', () => ({ codexBin: copied() }), 'sandbox-unsafe'],
    ['the state behind a replaceable link', () => ({ protectedDirs: [linked()] }), 'sandbox-unsafe'],
    ['a config in the sandbox home', () => ({ sandboxCodexHome: withConfig() }), 'sandbox-home'],
    ['a sandbox home that cannot be made', () => ({ sandboxCodexHome: '/dev/null/home' }), 'sandbox-home'],
  ]
  const made = (name: string): string => {
    fs.mkdirSync(path.join(lab.dir, name))
    return path.join(lab.dir, name)
  }
  const copied = (): string => {
    fs.writeFileSync(path.join(lab.root, 'codex'), '')
    return path.join(lab.root, 'codex')
  }
  const linked = (): string => {
    fs.symlinkSync(lab.codexHome, path.join(lab.root, 'link'))
    return path.join(lab.root, 'link/autoloop')
  }
  const withConfig = (): string => {
    fs.writeFileSync(path.join(made('sh'), 'config.toml'), '')
    return path.join(lab.dir, 'sh')
  }
  test.each(cases)('%s', (_name, change, code) => {
    const launch = sandboxLaunch({ ...request(['true'], { HOME: os.homedir() }), ...change() })
    expect(launch).toMatchObject({ ok: false, error: { code, fix: expect.any(String) } })
  })
})

test('a missing writable directory is left out, ~ is the home, links are followed', async () => {
  const launch = sandboxLaunch({
    ...request(['true'], { HOME: lab.dir }),
    writable: ['~/repo/out', path.join(lab.dir, 'none')],
  })
  expect(launch.ok && launch.value.argv.join(' ')).toContain(`"${fs.realpathSync(lab.out)}"="write"`)
  expect(launch.ok && launch.value.argv.join(' ')).not.toContain('none')
})

test('a worktree of the desktop client, below CODEX_HOME, is writable, and nothing around it', async () => {
  const worktrees = path.join(lab.codexHome, 'worktrees')
  const root = path.join(worktrees, '12ab', 'repo')
  fs.mkdirSync(path.join(root, '.git'), { recursive: true })
  fs.mkdirSync(path.join(worktrees, '34cd'))
  const places = {
    workspace: path.join(root, 'f'),
    git: path.join(root, '.git/f'),
    sibling: path.join(worktrees, '34cd/f'),
    worktrees: path.join(worktrees, 'f'),
    codexHome: path.join(lab.codexHome, 'f'),
    state: path.join(lab.home, 'f'),
  }
  const moved = `mv ${worktrees} ${worktrees}2 2>/dev/null && echo moved`
  const result = await gate(lab, shell(`${moved}\n${probe(places)}`), {
    root,
    launch: (start) => sandboxLaunch({ ...request(start.argv, start.env), root }),
  })
  expect(result.outcome).toEqual({ kind: 'passed' })
  expect(written(result.tail)).toEqual(['workspace'])
  for (const refused of [worktrees, path.join(lab.codexHome, 'other'), path.join(lab.home, 'x')])
    expect(sandboxLaunch({ ...request(['true'], {}), root: refused })).toMatchObject({
      ok: false,
      error: { code: 'sandbox-unsafe' },
    })
})

test('a TMPDIR inside the state is not made writable', async () => {
  const launch = sandboxLaunch(request(['true'], { TMPDIR: path.join(lab.home, 'gates') }))
  expect(launch.ok && launch.value.env).not.toHaveProperty('TMPDIR')
})

test('codex 0.169: state and .git stay read-only, the workspace and caches are writable', async () => {
  const cache = path.join(lab.dir, 'cache')
  fs.mkdirSync(cache)
  const places = {
    workspace: path.join(lab.root, 'f'),
    cache: path.join(cache, 'f'),
    git: path.join(lab.root, '.git/f'),
    state: path.join(lab.home, 'f'),
    outside: path.join(lab.dir, 'f'),
  }
  const result = await gate(lab, shell(probe(places)), {
    launch: (start) =>
      sandboxLaunch({
        ...request(start.argv, start.env),
        codexBin: codexBinary(oldestCodex),
        writable: [cache],
      }),
  })
  expect(result.outcome).toEqual({ kind: 'passed' })
  expect(written(result.tail)).toEqual(['cache', 'workspace'])
})
