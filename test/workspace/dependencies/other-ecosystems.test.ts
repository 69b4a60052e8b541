import { describe, expect, test } from '@jest/globals'
import type { DependencyContext } from '../../../src/workspace/dependencies/dependency-change.ts'
import { type Texts, bringsNothing, changes, said, secondLook } from './changes.ts'

const SUM = 'a'.repeat(64)

function judge(
  was: Texts,
  now: Texts,
  context: Partial<DependencyContext> = { installed: bringsNothing() },
): string {
  const second = said(changes(was, secondLook(was, now, context), context))
  expect(second.filter((line) => line.includes('definition'))).toEqual([])
  return said(changes(was, now, context)).join('\n')
}

describe('cargo', () => {
  const source = 'source = "registry+https://github.com/rust-lang/crates.io-index"\n'
  const crate = (name: string, version: string, ...needs: readonly string[]): string =>
    `[[package]]\nname = "${name}"\nversion = "${version}"\n${source}checksum = "${SUM}"\n` +
    (needs.length > 0 ? `dependencies = [\n${needs.map((need) => ` "${need}",\n`).join('')}]\n` : '')
  const own = (...needs: readonly string[]): string =>
    `version = 4\n\n[[package]]\nname = "demo"\nversion = "0.1.0"\ndependencies = [\n${needs.map((need) => ` "${need}",\n`).join('')}]\n`
  const manifest = (...lines: readonly string[]): string =>
    `[package]\nname = "demo"\n\n[dependencies]\nlog = "0.4"\n${lines.join('\n')}\n`
  const was = { 'Cargo.toml': manifest(), 'Cargo.lock': [own('log'), crate('log', '0.4.0')].join('\n') }
  const x = (line: string, one = crate('x', '1.0.0')): Texts => ({
    'Cargo.toml': manifest(line),
    'Cargo.lock': [own('log', 'x'), crate('log', '0.4.0'), one].join('\n'),
  })

  test.each([
    'x = "1"',
    'x = { version = "1", features = ["y"], optional = true, default-features = false }',
    '[target."cfg(unix)".dependencies]\nx = "1"',
    '[dev-dependencies]\nx = "1"',
    '[dependencies.x]\nversion = "1"',
  ])('%j is free', (line) => {
    expect(judge(was, x(line), {})).toBe('Cargo.toml: free x@1.0.0\nCargo.lock: free x@1.0.0')
  })

  test('one that the workspace has for all, and a member that takes it', () => {
    const before = { ...was, 'Cargo.toml': '[workspace]\nmembers = ["a"]\n', 'a/Cargo.toml': manifest() }
    const now = {
      ...x(''),
      'Cargo.toml': '[workspace]\nmembers = ["a"]\n[workspace.dependencies]\nx = "1"\n',
      'a/Cargo.toml': manifest('x.workspace = true'),
    }
    expect(judge(before, now, {})).toBe(
      'Cargo.toml: free x@1.0.0\na/Cargo.toml: free x@1.0.0\nCargo.lock: free x@1.0.0',
    )
  })

  test.each<[string, Texts, string]>([
    ['a path', x('x = { path = "x" }'), 'not-from-a-registry(x)'],
    ['a repository', x('x = { git = "https://h/x" }'), 'not-from-a-registry(x)'],
    ['a registry', x('x = { version = "1", registry = "mine" }'), 'other-registry(x)'],
    ['another name', x('x = { version = "1", package = "y" }'), 'alias(x)'],
    ['`patch`', x('x = "1"\n[patch.crates-io]\nlog = { path = "log" }'), 'other-content'],
    ['`replace`', x('x = "1"\n[replace]\n"log:0.4.0" = { path = "log" }'), 'other-content'],
    ['features', x('x = "1"\n[features]\ndefault = []'), 'other-content'],
    ['a build script', x('x = "1"\n[package.metadata]\na = 1'), 'other-content'],
    ['another range', { ...was, 'Cargo.toml': manifest().replace('0.4', '0.3') }, 'moved(log)'],
    [
      'another source in the lock file',
      x('x = "1"', crate('x', '1.0.0').replace('github.com', 'evil.example')),
      'other-registry(x)',
    ],
    [
      'a repository in the lock file',
      x('x = "1"', crate('x', '1.0.0').replace('registry+', 'git+')),
      'not-from-a-registry(x)',
    ],
    [
      'a directory in the lock file',
      x('x = "1"', '[[package]]\nname = "x"\nversion = "1.0.0"\n'),
      'not-from-a-registry(x)',
    ],
    ['no checksum', x('x = "1"', crate('x', '1.0.0').replace(/checksum.*\n/, '')), 'no-integrity(x)'],
    [
      'another version of what was there',
      { ...was, 'Cargo.lock': was['Cargo.lock'].replace('0.4.0', '0.4.1') },
      'moved(log)',
    ],
    [
      'another need of what was there',
      {
        ...x('x = "1"'),
        'Cargo.lock': [own('log', 'x'), crate('log', '0.4.0', 'x'), crate('x', '1.0.0')].join('\n'),
      },
      'moved(log)',
    ],
    [
      'one more that nobody needs',
      { ...x('x = "1"'), 'Cargo.lock': `${x('')['Cargo.lock']}\n${crate('y', '1.0.0')}` },
      'not-in-manifest(y)',
    ],
    ['a lock file alone', { ...x(''), 'Cargo.toml': was['Cargo.toml'] }, 'not-in-manifest(x)'],
    ['a manifest alone', { ...x('x = "1"'), 'Cargo.lock': was['Cargo.lock'] }, 'not-in-lock(x)'],
    ['without a lock file', { 'Cargo.toml': manifest('x = "1"') }, 'removed-file'],
  ])('%s is definition', (_name, now, reason) => {
    expect(judge(was, now, {})).toContain(reason)
  })
})

test('a lock file that cannot be merged takes the additions of its manifest back with it', () => {
  const source = 'source = "registry+https://github.com/rust-lang/crates.io-index"\n'
  const manifest = (lines: string): string => `[package]\nname = "demo"\n[dependencies]\n${lines}`
  const lock = (needs: string, more: string): string =>
    `version = 4\n[[package]]\nname = "demo"\nversion = "0.1.0"\ndependencies = [${needs}]\n${more}`
  const x = `[[package]]\nname = "x"\nversion = "1.0.0"\n${source}checksum = "${SUM}"\n`
  const y = '[[package]]\nname = "y"\nversion = "1.0.0"\nsource = "git+https://h/y#1"\n'
  const was = { 'Cargo.toml': manifest(''), 'Cargo.lock': lock('', '') }
  const honest = { 'Cargo.toml': manifest('x = "1"\n'), 'Cargo.lock': lock('"x"', x) }
  expect(judge(was, honest, {})).not.toContain('definition')
  const now = {
    'Cargo.toml': manifest('x = "1"\ny = { git = "https://h/y" }\n'),
    'Cargo.lock': lock('"x", "y"', x + y),
  }
  expect(judge(was, now, {})).toBe(
    'Cargo.toml: definition not-from-a-registry(y)\nCargo.lock: definition not-from-a-registry(y) not-in-manifest(y)',
  )
  // Free by itself, but not beside a lock file that goes back to the start.
  const features = { ...honest, 'Cargo.lock': honest['Cargo.lock'].replace('version = 4', 'version = 3') }
  expect(judge(was, features, {})).toBe(
    'Cargo.toml: definition with-its-pair\nCargo.lock: definition other-content',
  )
})

describe('go', () => {
  const hash = `h1:${'a'.repeat(43)}=`
  const both = (name: string, version: string): string =>
    `${name} ${version} ${hash}\n${name} ${version}/go.mod ${hash}\n`
  const mod = (...lines: readonly string[]): string =>
    `module example.com/demo\n\ngo 1.21\n\nrequire (\n\texample.com/a v1.0.0\n${lines.map((line) => `\t${line}\n`).join('')})\n`
  const was = { 'go.mod': mod(), 'go.sum': both('example.com/a', 'v1.0.0') }
  const b = both('example.com/b', 'v1.0.0')
  const withB = (line: string, sums = b): Texts => ({ 'go.mod': mod(line), 'go.sum': was['go.sum'] + sums })

  test.each(['example.com/b v1.0.0', 'example.com/b v1.0.0 // indirect', 'example.com/b v1.0.0 // why'])(
    '%s is free',
    (line) => {
      expect(judge(was, withB(line), {})).toBe(
        'go.mod: free example.com/b@v1.0.0\ngo.sum: free example.com/b@v1.0.0',
      )
    },
  )

  test('lines of go.sum for what it needs', () => {
    const sums = `${b}example.com/c v1.0.0/go.mod ${hash}\nexample.com/a v0.9.0/go.mod ${hash}\n`
    expect(judge(was, withB('example.com/b v1.0.0', sums), {})).not.toContain('definition')
  })

  test.each<[string, Texts, string]>([
    ['`replace`', withB('example.com/b v1.0.0\n)\nreplace (\n\texample.com/a => ./a'), 'other-content'],
    [
      'a place in quotes',
      { ...was, 'go.mod': `${mod()}replace example.com/a => "./a//b"\n` },
      'other-content',
    ],
    ['`exclude`', { ...was, 'go.mod': `${mod()}exclude example.com/a v1.0.1\n` }, 'other-content'],
    ['`toolchain`', { ...was, 'go.mod': `${mod()}toolchain go1.99\n` }, 'other-content'],
    ['`tool`', { ...was, 'go.mod': `${mod()}tool example.com/a/cmd\n` }, 'other-content'],
    ['another version of Go', { ...was, 'go.mod': mod().replace('1.21', '1.22') }, 'other-content'],
    [
      'another version',
      {
        'go.mod': mod().replace('v1.0.0', 'v1.1.0'),
        'go.sum': was['go.sum'] + both('example.com/a', 'v1.1.0'),
      },
      'moved(example.com/a)',
    ],
    [
      'another version beside it',
      withB('example.com/a v1.1.0', both('example.com/a', 'v1.1.0')),
      'moved(example.com/a)',
    ],
    [
      'a version that another one brings along',
      withB('example.com/b v1.0.0', b + both('example.com/a', 'v1.1.0')),
      'moved(example.com/a)',
    ],
    ['a branch', withB('example.com/b main'), 'not-pinned(example.com/b)'],
    ['a path', withB('./b v1.0.0', both('./b', 'v1.0.0')), 'not-from-a-registry(./b)'],
    ['no hash', withB('example.com/b v1.0.0', ''), 'not-in-lock(example.com/b)'],
    [
      'a hash that is none',
      withB('example.com/b v1.0.0', b.replaceAll('h1:', 'h0:')),
      'no-integrity(example.com/b)',
    ],
    ['another hash', { ...was, 'go.sum': was['go.sum'].replace('aa', 'bb') }, 'moved(example.com/a)'],
    ['fewer hashes', { ...was, 'go.sum': '' }, 'moved(example.com/a)'],
    [
      'a second hash',
      { ...was, 'go.sum': was['go.sum'] + was['go.sum'].replaceAll('aa', 'bb') },
      'unreadable',
    ],
    ['hashes alone', { ...was, 'go.sum': was['go.sum'] + b }, 'not-in-manifest(example.com/b)'],
    ['a nested module', { ...was, 'b/go.mod': 'module example.com/b\n' }, 'b/go.mod: definition new-file'],
  ])('%s is definition', (_name, now, reason) => {
    expect(judge(was, now, {})).toContain(reason)
  })

  test('what stands behind two slashes in quotes', () => {
    const before = { ...was, 'go.mod': `${mod()}replace example.com/a => "./a//b"\n` }
    expect(judge(before, { ...was, 'go.mod': `${mod()}replace example.com/a => "./a//c"\n` }, {})).toContain(
      'other-content',
    )
  })

  test('`replace` beside an addition: the addition is given back', () => {
    const now = {
      ...withB('example.com/b v1.0.0'),
      'go.mod': `${mod('example.com/b v1.0.0')}replace example.com/a => ./a\n`,
    }
    expect(judge(was, now, {})).toBe(
      'go.mod: definition +free other-content\ngo.sum: free example.com/b@v1.0.0',
    )
  })
})

describe('bundler', () => {
  const lock = (names: readonly string[], more = '', sums = true): string =>
    `GEM\n  remote: https://rubygems.org/\n  specs:\n${names.map((name) => `    ${name} (1.0.0)\n${name === 'x' ? '      y (>= 1)\n' : ''}`).join('')}\n${more}` +
    `PLATFORMS\n  ruby\n\nDEPENDENCIES\n${names
      .filter((name) => name !== 'y')
      .map((name) => `  ${name} (~> 1.0)\n`)
      .join('')}\n` +
    (sums ? `CHECKSUMS\n${names.map((name) => `  ${name} (1.0.0) sha256=${SUM}\n`).join('')}\n` : '') +
    'BUNDLED WITH\n   2.6.0\n'
  const gems = (...names: readonly string[]): string =>
    `# frozen_string_literal: true\nsource "https://rubygems.org"\n\n${names.map((name) => `gem "${name}", "~> 1.0"\n`).join('')}`
  const was = { Gemfile: gems('a'), 'Gemfile.lock': lock(['a']) }
  const honest = { Gemfile: gems('a', 'x'), 'Gemfile.lock': lock(['a', 'x', 'y']) }

  test('an honest addition is free where it is known what it brings', () => {
    expect(judge(was, honest)).toBe('Gemfile: free x@1.0.0\nGemfile.lock: free x@1.0.0 y@1.0.0')
    expect(judge(was, honest, {})).toContain('cannot-tell(x)')
    expect(
      judge(was, {
        ...honest,
        Gemfile: `${gems('a')}group :test do\nend\ngem 'x', '>= 1', require: false, group: :test\n`,
      }),
    ).toContain('other-content')
  })

  test.each<[string, Texts, string]>([
    ['a path', { ...honest, Gemfile: `${gems('a')}gem "x", path: "x"\n` }, 'other-content'],
    ['a repository', { ...honest, Gemfile: `${gems('a')}gem "x", git: "https://h/x"\n` }, 'other-content'],
    ['code', { ...honest, Gemfile: `${gems('a')}gem "x", "1" if system("true")\n` }, 'other-content'],
    ['code behind a gem', { ...honest, Gemfile: `${gems('a')}gem "x"; system("true")\n` }, 'other-content'],
    [
      'another source',
      { ...honest, Gemfile: gems('a', 'x').replace('rubygems.org', 'evil.example') },
      'other-content',
    ],
    [
      'another source in the lock file',
      {
        ...honest,
        'Gemfile.lock': lock(['a'], 'GEM\n  remote: https://evil.example/\n  specs:\n    x (1.0.0)\n\n'),
      },
      'not-in-lock',
    ],
    [
      'a directory in the lock file',
      { ...honest, 'Gemfile.lock': lock(['a', 'x'], 'PATH\n  remote: y\n  specs:\n    y (1.0.0)\n\n') },
      'not-from-a-registry(y)',
    ],
    [
      'no checksums',
      { ...honest, 'Gemfile.lock': lock(['a', 'x', 'y']).replaceAll(/ {2}[xy] \(1.0.0\) sha.*\n/g, '') },
      'no-integrity(x)',
    ],
    ['another version', { ...was, 'Gemfile.lock': lock(['a']).replaceAll('1.0.0', '1.0.1') }, 'moved(a)'],
    [
      'a plug-in',
      { Gemfile: gems('a', 'minitest-x'), 'Gemfile.lock': lock(['a', 'minitest-x']) },
      'plug-in(minitest-x)',
    ],
    ['another Bundler', { ...was, 'Gemfile.lock': lock(['a']).replace('2.6.0', '2.6.1') }, 'other-content'],
    ['a lock file alone', { ...honest, Gemfile: was.Gemfile }, 'not-in-manifest(x)'],
    ['a manifest alone', { ...was, Gemfile: honest.Gemfile }, 'not-in-lock(x)'],
  ])('%s is definition', (_name, now, reason) => {
    expect(judge(was, now)).toContain(reason)
  })

  test('a lock file without checksums does not say what a gem is', () => {
    const bare = { Gemfile: gems('a'), 'Gemfile.lock': lock(['a'], '', false) }
    expect(
      judge(bare, { Gemfile: gems('a', 'x'), 'Gemfile.lock': lock(['a', 'x', 'y'], '', false) }),
    ).toContain('no-integrity(x)')
  })
})

test('composer: an addition is definition, for its lock file does not say what an archive is', () => {
  const was = { 'composer.json': '{"require":{"a/a":"1"}}', 'composer.lock': '{"packages":[]}' }
  const now = {
    'composer.json': '{"require":{"a/a":"1","x/x":"1"}}',
    'composer.lock': '{"packages":[{"name":"x/x"}]}',
  }
  expect(judge(was, now)).toBe(
    'composer.json: definition no-integrity(x/x)\ncomposer.lock: definition no-integrity(x/x) other-content',
  )
  expect(judge(was, { ...was, 'composer.json': '{"require":{"a/a":"1"},"scripts":{}}' })).toContain(
    'other-content',
  )
  expect(judge(was, { ...was, 'composer.lock': '{ "packages": [] }' })).toBe('composer.lock: free')
})

test('files that nobody knows get no answer', () => {
  expect(changes({ 'src/a.js': '1' }, { 'src/a.js': '2', 'mix.exs': '', 'package.json5': '{}' })).toEqual([])
})
