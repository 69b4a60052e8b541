import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { cacheDirectories } from '../../src/gates/cache-directories.ts'
import { gateEnvironment, isReserved } from '../../src/gates/environment.ts'
import { safeGatePath } from '../../src/gates/gate-path.ts'
import { command } from './rig.ts'

const environment = (vars: Record<string, string>, more: Parameters<typeof command>[2] = {}) =>
  gateEnvironment({ vars, gatePath: '/usr/bin', runId: 'r1', command: command('c', ['true'], more) })

const FIXED = { TERM: 'dumb', CI: '1', PYTHONDONTWRITEBYTECODE: '1', PATH: '/usr/bin', AUTOLOOP_GATE: 'r1' }

describe('gateEnvironment', () => {
  test.each(
    `CODEX_HOME CODEX_THREAD_ID CODEX_SANDBOX AUTONOMOUS_LOOP_HOME AUTOLOOP_CODEX GIT_DIR GIT_CONFIG_GLOBAL GIT_SSH_COMMAND
     NODE_OPTIONS NODE_PATH LD_PRELOAD LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES BASH_ENV ENV SHELLOPTS PS4 MAKEFLAGS MFLAGS
     GNUMAKEFLAGS PYTHONPATH PYTHONSTARTUP PYTEST_ADDOPTS RUSTFLAGS RUSTC_WRAPPER GOFLAGS JAVA_TOOL_OPTIONS MAVEN_OPTS
     PERL5OPT RUBYOPT GITHUB_TOKEN NPM_TOKEN OPENAI_API_KEY AWS_SECRET_ACCESS_KEY SSH_AUTH_SOCK DOCKER_HOST
     npm_config_script_shell npm_config_node_options XDG_RUNTIME_DIR DISPLAY TMUX RUST_BACKTRACE OLDPWD
     http_proxy HTTPS_PROXY PROMPT_COMMAND IFS CDPATH`.split(/\s+/),
  )('%s stays out', (name) => {
    expect(environment({ [name]: 'x' })).toEqual(FIXED)
  })

  test.each(
    'HOME USER LANG LC_ALL LC_CTYPE TZ TMPDIR CARGO_HOME GOPATH JAVA_HOME PYENV_ROOT NVM_DIR npm_config_cache SSL_CERT_FILE'.split(
      ' ',
    ),
  )('%s goes in', (name) => {
    expect(environment({ [name]: 'x' })).toEqual({ ...FIXED, [name]: 'x' })
  })

  test('proxies only for a command with network', () => {
    const vars = { https_proxy: 'http://p', NO_PROXY: 'x' }
    expect(environment(vars, { network: true })).toEqual({ ...FIXED, ...vars })
  })

  test("the command's own env goes in and wins, but never names what is ours", () => {
    const own = {
      NODE_OPTIONS: '--a',
      HOME: '/h',
      CI: '',
      CODEX_HOME: '/x',
      PATH: '/evil',
      AUTOLOOP_GATE: 'x',
    }
    expect(environment({ HOME: '/person' }, { env: own })).toEqual({
      ...FIXED,
      NODE_OPTIONS: '--a',
      HOME: '/h',
      CI: '',
    })
    expect(Object.keys(own).filter(isReserved)).toEqual(['CODEX_HOME', 'PATH', 'AUTOLOOP_GATE'])
  })
})

describe('safeGatePath', () => {
  let dir: string
  beforeAll(() => {
    dir = fs.mkdtempSync(path.join(os.homedir(), '.autoloop-path-'))
    for (const name of ['repo/node_modules/.bin', 'tools', 'repository', 'mytmp/bin'])
      fs.mkdirSync(path.join(dir, name), { recursive: true })
    fs.symlinkSync(path.join(dir, 'repo/node_modules/.bin'), path.join(dir, 'link'))
    fs.symlinkSync(path.join(dir, 'tools'), path.join(dir, 'repo/linked-tools'))
  })
  afterAll(() => fs.rmSync(dir, { recursive: true, force: true }))

  test.each([
    ['empty and relative ones', ':.:node_modules/.bin::D/tools:', 'D/tools'],
    ['the workspace and what is in it', 'D/repo:D/repo/node_modules/.bin:D/repository', 'D/repository'],
    ['a link into the workspace, a link out of it', 'D/link:D/repo/linked-tools:D/tools', 'D/tools'],
    ['the temp directories', 'D/mytmp/bin:/tmp:/var/tmp:/dev/shm:/usr/bin', '/usr/bin'],
    ['missing ones', 'D/none:/usr/bin', '/usr/bin'],
    ['a detour', 'D/tools/../repo:D/tools/../tools', 'D/tools'],
    ['a second time', '/usr/bin:D/tools:/usr/bin', '/usr/bin:D/tools'],
  ])('leaves out %s', (_name, given, expected) => {
    const at = (text: string): string => text.replaceAll('D/', `${dir}/`)
    expect(safeGatePath(at(given), { root: at('D/repo'), tmpDir: at('D/mytmp') })).toBe(at(expected))
  })
})

describe('cacheDirectories', () => {
  const input = { home: '/h/.codex/autoloop', codexHome: '/h/.codex', vars: { HOME: '/h' } }
  const all = () => true

  test('the usual ones, none twice, none inside another, no programs', () => {
    const found = cacheDirectories(input, all)
    for (const dir of [
      '/h/.npm/_cacache',
      '/h/.npm/_logs',
      '/h/.cache/pip',
      '/h/.cache/uv',
      '/h/.cache/yarn',
      '/h/.cache/go-build',
      '/h/go/pkg/mod',
      '/h/.cargo/registry',
      '/h/.cargo/git',
      '/h/.m2/repository',
      '/h/.gradle/caches',
      '/h/.nuget/packages',
      '/h/.bundle/cache',
      '/h/.cache/composer',
      '/h/.cache/deno',
      '/h/.bun/install/cache',
      '/h/.local/share/pnpm/store',
    ])
      expect(found).toContain(dir)
    expect(new Set(found).size).toBe(found.length)
    expect(found.filter((dir) => found.some((other) => dir.startsWith(`${other}/`)))).toEqual([])
    expect(found.filter((dir) => /(^|\/)(s?bin|shims|_npx|hooks)(\/|$)/.test(dir))).toEqual([])
  })

  test('only what exists', () => {
    expect(cacheDirectories(input, (dir) => dir === '/h/.cache/pip')).toEqual(['/h/.cache/pip'])
  })

  test.each([
    [
      'moved by variables',
      { GOMODCACHE: '/m/mod', PIP_CACHE_DIR: '/m/pip', CARGO_HOME: '/m/c' },
      ['/m/mod', '/m/pip', '/m/c/registry'],
      [],
    ],
    [
      "poetry's downloads, not the environments whose programs a person starts",
      { POETRY_CACHE_DIR: '/m/poetry' },
      ['/m/poetry/cache', '/h/.cache/pypoetry/artifacts'],
      ['/m/poetry', '/h/.cache/pypoetry', '/h/.cache/pypoetry/virtualenvs'],
    ],
    ['a first GOPATH of several', { GOPATH: '/a:/b' }, ['/a/pkg/mod'], ['/b/pkg/mod']],
    [
      'the home, the disk, a relative one',
      { GOCACHE: '/h', PIP_CACHE_DIR: '/', UV_CACHE_DIR: 'x' },
      [],
      ['/h', '/', 'x'],
    ],
    [
      'around or inside the state',
      { GOCACHE: '/h/.codex/autoloop/x', PIP_CACHE_DIR: '/h/.codex' },
      [],
      ['/h/.codex/autoloop/x', '/h/.codex'],
    ],
    ['programs', { GOCACHE: '/h/bin/x', YARN_CACHE_FOLDER: '/usr/sbin' }, [], ['/h/bin/x', '/usr/sbin']],
  ])('%s', (_name, vars, has, hasNot) => {
    const found = cacheDirectories({ ...input, vars: { HOME: '/h', ...vars } }, all)
    expect(has.filter((dir) => !found.includes(dir))).toEqual([])
    expect(hasNot.filter((dir) => found.includes(dir))).toEqual([])
  })

  test('state inside a cache: that cache is not opened', () => {
    const found = cacheDirectories({ ...input, home: '/h/.cache/pip/state' }, all)
    expect(found).not.toContain('/h/.cache/pip')
    expect(found).toContain('/h/.cache/uv')
  })

  test('no HOME, nothing', () => {
    expect(cacheDirectories({ ...input, vars: {} }, all)).toEqual([])
  })
})
