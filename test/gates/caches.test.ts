import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { cacheDirectories } from '../../src/gates/cache-directories.ts'
import type { Command } from '../../src/contract/types.ts'
import type { GateResult } from '../../src/gates/types.ts'
import { type Lab, command, gate, makeLab, sandboxed, shell } from './rig.ts'

let lab: Lab
let user: string
beforeEach(() => {
  lab = makeLab()
  user = path.join(lab.dir, 'user')
})
afterEach(() => {
  // Go makes its modules read-only.
  spawnSync('chmod', ['-R', 'u+w', lab.dir])
  lab.remove()
})

const put = (file: string, text: string): void => {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
}
const vars = (): Record<string, string | undefined> => ({
  HOME: user,
  PATH: process.env['PATH'],
  CARGO_HOME: path.join(user, '.cargo'),
  RUSTUP_HOME: process.env['RUSTUP_HOME'] ?? path.join(process.env['HOME'] ?? '', '.rustup'),
  RUSTUP_TOOLCHAIN: process.env['RUSTUP_TOOLCHAIN'] ?? 'stable',
})
function inSandbox(what: Command): Promise<GateResult> {
  const caches = cacheDirectories({ home: lab.home, codexHome: lab.codexHome, vars: vars() })
  return gate(lab, what, {
    launch: sandboxed(lab, caches),
    vars: vars(),
    gatePath: process.env['PATH'] ?? '',
  })
}

/** In the person's home: what is run or built into something outside, and what is derived. */
const code = [
  '.cargo/registry/src/i/serde-1.0.0/build.rs',
  '.m2/repository/x/plugin.jar',
  'go/pkg/mod/x@v1/x.go',
]
  .concat(['.cache/uv/archive-v0/x/bin/ruff', '.gradle/caches/8/x.jar', '.bun/install/cache/x/index.js'])
  .concat(['.local/share/pnpm/store/v3/files/ab', '.cache/pip/wheels/x.whl', '.yarn/berry/cache/x.zip'])
const derived = ['.npm/_cacache/x', '.cache/go-build/x', '.cache/pip/http-v2/x', '.cache/mypy/x']

test('a gate reads the packages of the person and changes none; caches that are checked or made anew it writes', async () => {
  for (const file of [...code, ...derived]) put(path.join(user, file), 'honest')
  const write = [...code, ...derived]
    .map((file) => `cat ~/${file} >/dev/null; echo PWNED > ~/${file}`)
    .join('\n')
  const result = await inSandbox(shell(`${write}\ntrue`))
  expect(result.outcome).toMatchObject({ kind: 'passed' })
  const changed = [...code, ...derived].filter(
    (file) => fs.readFileSync(path.join(user, file), 'utf8') !== 'honest',
  )
  expect(changed).toEqual(derived)
})

test('a file where a cache would be keeps no gate from starting', async () => {
  put(path.join(user, '.ccache'), 'a file')
  expect((await inSandbox(shell('true'))).outcome).toMatchObject({ kind: 'passed' })
})

test('what a command names as writable is', async () => {
  put(path.join(user, '.m2/repository/x'), 'honest')
  const what = shell('echo new > ~/.m2/repository/x', { writable: ['~/.m2/repository'] })
  expect((await inSandbox(what)).outcome).toMatchObject({ kind: 'passed' })
})

const has = (program: string, flag = '--version'): boolean => spawnSync(program, [flag]).status === 0
const tools: [string, boolean, () => readonly string[]][] = [
  [
    'go test with a module of the cache',
    has('go', 'version') && has('python3'),
    () => {
      const proxy = path.join(lab.dir, 'proxy/example.com/dep/@v')
      const mod = 'module example.com/dep\n\ngo 1.18\n'
      put(path.join(lab.dir, 'zip/example.com/dep@v1.0.0/go.mod'), mod)
      put(
        path.join(lab.dir, 'zip/example.com/dep@v1.0.0/dep.go'),
        'package dep\n\nfunc One() int { return 1 }\n',
      )
      put(path.join(proxy, 'list'), 'v1.0.0\n')
      put(path.join(proxy, 'v1.0.0.info'), '{"Version":"v1.0.0"}')
      put(path.join(proxy, 'v1.0.0.mod'), mod)
      // Without entries for directories, which Go refuses.
      const zip = `import zipfile, sys
z = zipfile.ZipFile(sys.argv[1], 'w')
for name in ['go.mod', 'dep.go']: z.write('example.com/dep@v1.0.0/' + name)
z.close()`
      execFileSync('python3', ['-c', zip, path.join(proxy, 'v1.0.0.zip')], { cwd: path.join(lab.dir, 'zip') })
      put(path.join(lab.root, 'go.mod'), 'module x\n\ngo 1.18\n\nrequire example.com/dep v1.0.0\n')
      put(
        path.join(lab.root, 'x_test.go'),
        'package x\n\nimport (\n\t"example.com/dep"\n\t"testing"\n)\n\nfunc TestOne(t *testing.T) {\n\tif dep.One() != 1 {\n\t\tt.Fatal()\n\t}\n}\n',
      )
      fs.mkdirSync(path.join(user, '.cache/go-build'), { recursive: true })
      const env = {
        ...process.env,
        HOME: user,
        GOPROXY: `file://${lab.dir}/proxy`,
        GONOSUMDB: '*',
        GOFLAGS: '-mod=mod',
      }
      execFileSync('go', ['mod', 'download', 'example.com/dep'], { cwd: lab.root, env, stdio: 'pipe' })
      execFileSync('go', ['mod', 'tidy'], { cwd: lab.root, env, stdio: 'pipe' })
      return ['go', 'test', './...']
    },
  ],
  [
    'cargo test --offline with a checkout of the cache',
    has('cargo') && has('cc'),
    () => {
      const dep = path.join(lab.dir, 'dep')
      put(path.join(dep, 'Cargo.toml'), '[package]\nname = "dep"\nversion = "1.0.0"\nedition = "2021"\n')
      put(path.join(dep, 'src/lib.rs'), 'pub fn one() -> u32 { 1 }\n')
      const git = 'git init -q; git add -A; git -c user.name=A -c user.email=a@localhost commit -qm x'
      execFileSync('sh', ['-c', git], { cwd: dep })
      put(
        path.join(lab.root, 'Cargo.toml'),
        `[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\ndep = { git = "file://${dep}" }\n`,
      )
      put(path.join(lab.root, 'src/lib.rs'), '#[test]\nfn one() {\n    assert_eq!(dep::one(), 1)\n}\n')
      execFileSync('cargo', ['fetch'], { cwd: lab.root, env: { ...process.env, ...vars() }, stdio: 'pipe' })
      return ['cargo', 'test', '--offline', '--quiet']
    },
  ],
  [
    'npm test',
    has('npm'),
    () => {
      put(path.join(user, '.npm/_cacache/x'), '')
      put(path.join(lab.root, 'package.json'), '{"name":"x","scripts":{"test":"node -e 0"}}')
      return ['npm', 'test']
    },
  ],
]
test.each(tools.filter(([, here]) => here))(
  '%s works with a cache that can only be read',
  async (_what, _here, prepare) => {
    const result = await inSandbox(command('test', prepare(), { timeoutSeconds: 240 }))
    expect(`${JSON.stringify(result.outcome)} ${result.tail}`).toMatch(/^\{"kind":"passed"/)
  },
  300_000,
)
