import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { isWithin } from '../../src/base/within.ts'
import { cacheDirectories } from '../../src/gates/cache-directories.ts'
import { gateEnvironment, isReserved } from '../../src/gates/environment.ts'
import { safeGatePath } from '../../src/gates/gate-path.ts'
import { command } from './rig.ts'

const environment = (vars: Record<string, string>, more: Parameters<typeof command>[2] = {}) =>
  gateEnvironment({ vars, gatePath: '/usr/bin', runId: 'r1', command: command('c', ['true'], more) })

const FIXED = {
  TERM: 'dumb',
  CI: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  UV_NO_CACHE: '1',
  PATH: '/usr/bin',
  AUTOLOOP_GATE: 'r1',
}

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

  test.each([
    ['~/.cache/uv', {}],
    ['/m/cache', { UV_CACHE_DIR: '/m/cache' }],
  ])('uv does without its cache unless the command may write it: %s', (dir, vars) => {
    expect(environment(vars, { writable: [dir] })).not.toHaveProperty('UV_NO_CACHE')
    expect(environment(vars, { writable: ['/m'] })).toHaveProperty('UV_NO_CACHE', '1')
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
      '/h/.cache/pip/http',
      '/h/.cache/pip/http-v2',
      '/h/.cache/go-build',
      '/h/.cache/ccache',
      '/h/.cache/mypy',
      '/h/.cache/zig/o',
      '/h/.local/share/NuGet/v3-cache',
    ])
      expect(found).toContain(dir)
    expect(new Set(found).size).toBe(found.length)
    expect(found.filter((dir) => found.some((other) => dir.startsWith(`${other}/`)))).toEqual([])
    expect(found.filter((dir) => /(^|\/)(s?bin|shims|_npx|hooks)(\/|$)/.test(dir))).toEqual([])
  })

  test.each(
    `.cargo/registry/src/index/serde-1.0.0/build.rs .cargo/registry/cache/index/serde-1.0.0.crate
     .cargo/registry/index/x/.cache/se/rd/serde .cargo/git/checkouts/x/1/build.rs .cargo/bin/cargo-x
     .m2/repository/org/x/plugin.jar .m2/wrapper/dists/x/bin/mvn .gradle/caches/8/x.jar .gradle/wrapper/dists/x/bin/gradle
     .cache/uv/archive-v0/x/bin/ruff .cache/uv/interpreter-v4/x .cache/uv/sdists-v9/x .cache/pip/wheels/ab/x.whl
     .cache/pypoetry/artifacts/x.whl .cache/pypoetry/virtualenvs/x/bin/python go/pkg/mod/x@v1/x.go
     go/pkg/mod/cache/download/x/@v/v1.zip go/bin/x .bun/install/cache/left/index.js .local/share/pnpm/store/v3/files/ab
     .cache/pnpm/dlx/x/index.js .cache/yarn/v6/x/index.js .yarn/berry/cache/x.zip .cache/deno/npm/x.js .npm/_npx/x/index.js
     .nuget/packages/x/build/x.targets .bundle/cache/x .cache/composer/files/x.zip .composer/cache/files/x.zip
     .pub-cache/hosted/x/lib/x.dart .cache/zig/p/x/build.zig .cache/node-gyp/20/include/node/node.h
     .cache/typescript/5/node_modules/x/index.js .cache/turbo/x.tar .cache/rebar3/plugins/x
     .cache/org.swift.swiftpm/repositories/x Library/Caches/pip/wheels/x Library/Caches/Yarn/x Library/pnpm/store/x`.split(
      /\s+/,
    ),
  )('%s is run or built into something outside: not writable', (file) => {
    const dirs = cacheDirectories(input, all)
    expect(dirs.filter((dir) => isWithin(path.join('/h', file), dir))).toEqual([])
  })

  test('only what exists', () => {
    const one = '/h/.cache/pip/http'
    expect(cacheDirectories(input, (dir) => dir === one)).toEqual([one])
  })

  test.each([
    [
      'moved by variables',
      {
        GOCACHE: '/m/go',
        PIP_CACHE_DIR: '/m/pip',
        CARGO_HOME: '/m/c',
        GOMODCACHE: '/m/mod',
        UV_CACHE_DIR: '/m/uv',
      },
      ['/m/go', '/m/pip/http'],
      ['/m/mod', '/m/uv', '/m/pip', '/m/c/registry', '/m/c/.package-cache'],
    ],
    [
      "poetry's answers of the index, not what it installs and the environments whose programs a person starts",
      { POETRY_CACHE_DIR: '/m/poetry' },
      ['/m/poetry/cache', '/h/.cache/pypoetry/cache'],
      ['/m/poetry', '/h/.cache/pypoetry', '/h/.cache/pypoetry/artifacts', '/h/.cache/pypoetry/virtualenvs'],
    ],
    [
      'the home, the disk, a relative one',
      { GOCACHE: '/h', CCACHE_DIR: '/', SCCACHE_DIR: 'x' },
      [],
      ['/h', '/', 'x'],
    ],
    [
      'around or inside the state',
      { GOCACHE: '/h/.codex/autoloop/x', CCACHE_DIR: '/h/.codex' },
      [],
      ['/h/.codex/autoloop/x', '/h/.codex'],
    ],
    ['programs', { GOCACHE: '/h/bin/x', SCCACHE_DIR: '/usr/sbin' }, [], ['/h/bin/x', '/usr/sbin']],
  ])('%s', (_name, vars, has, hasNot) => {
    const found = cacheDirectories({ ...input, vars: { HOME: '/h', ...vars } }, all)
    expect(has.filter((dir) => !found.includes(dir))).toEqual([])
    expect(hasNot.filter((dir) => found.includes(dir))).toEqual([])
  })

  test('state inside a cache: that cache is not opened', () => {
    const found = cacheDirectories({ ...input, home: '/h/.cache/ccache/state' }, all)
    expect(found).not.toContain('/h/.cache/ccache')
    expect(found).toContain('/h/.cache/sccache')
  })

  test('no HOME, nothing', () => {
    expect(cacheDirectories({ ...input, vars: {} }, all)).toEqual([])
  })
})
