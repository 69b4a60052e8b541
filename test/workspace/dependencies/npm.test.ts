import { describe, expect, test } from '@jest/globals'
import { type Texts, changes, said, secondLook } from './changes.ts'

type Entry = Readonly<Record<string, unknown>>

const SEAL = `sha512-${'a'.repeat(86)}==`

/** An entry as npm writes it. */
const entry = (name: string, version: string, more: Entry = {}): Entry => ({
  version,
  resolved: `https://registry.example/${name}/-/${name.replace(/^.*\//, '')}-${version}.tgz`,
  integrity: SEAL,
  ...more,
})

const MANIFEST = {
  name: 'demo',
  scripts: { test: 'mocha' },
  dependencies: { ms: '^2.0.0' },
  devDependencies: { mocha: '^10.0.0', '@corp/kit': '^1.0.0' },
}
const ENTRIES: Readonly<Record<string, Entry>> = {
  'node_modules/@corp/kit': {
    ...entry('@corp/kit', '1.0.0', { dev: true }),
    resolved: 'https://npm.corp.example/@corp/kit/-/kit-1.0.0.tgz',
  },
  'node_modules/mocha': entry('mocha', '10.0.0', {
    dev: true,
    bin: { mocha: 'bin/mocha.js', _mocha: 'bin/_mocha' },
    dependencies: { ms: '^2.0.0', glob: '^8.0.0' },
    peerDependencies: { 'mocha-extra': '*' },
    peerDependenciesMeta: { 'mocha-extra': { optional: true } },
  }),
  'node_modules/ms': entry('ms', '2.0.0'),
  'node_modules/glob': entry('glob', '8.0.0', { dev: true }),
}

interface Shape {
  readonly manifest?: Entry
  readonly entries?: Readonly<Record<string, Entry | null>>
  /** Fields of the lock file's root. */
  readonly root?: Entry
  readonly lock?: Entry
}

function texts({ manifest = MANIFEST, entries = {}, root, lock = {} }: Shape = {}): Texts {
  const { scripts: _, ...rest } = manifest
  const packages = Object.entries({ '': root ?? rest, ...ENTRIES, ...entries }).filter(
    ([, one]) => one !== null,
  )
  return {
    'package.json': JSON.stringify(manifest, null, 2),
    'package-lock.json': JSON.stringify(
      { name: 'demo', lockfileVersion: 3, packages: Object.fromEntries(packages), ...lock },
      null,
      2,
    ),
  }
}

const was = texts()
const withDependency = (name: string, spec: string): Entry => ({
  ...MANIFEST,
  dependencies: { ...MANIFEST.dependencies, [name]: spec },
})
/** `x` is asked for, and this is its entry. */
const x = (one: Entry, more: Shape = {}): Shape => ({
  manifest: withDependency('x', '^1.0.0'),
  ...more,
  entries: { 'node_modules/x': one, ...more.entries },
})
const plain = entry('x', '1.0.0')

describe('honest additions are free', () => {
  test.each<[string, Shape, readonly string[]]>([
    ['a dependency', x(plain), ['package.json: free x@1.0.0', 'package-lock.json: free x@1.0.0']],
    [
      'what it needs, beside it and inside it',
      x(entry('x', '1.0.0', { dependencies: { y: '1', ms: '^1.0.0' } }), {
        entries: {
          'node_modules/y': entry('y', '1.0.0'),
          'node_modules/x/node_modules/ms': entry('ms', '1.0.0'),
        },
      }),
      ['package.json: free x@1.0.0', 'package-lock.json: free x@1.0.0 y@1.0.0 ms@1.0.0'],
    ],
    [
      'one that a tool had and that everybody has from now on',
      {
        manifest: withDependency('glob', '^8.0.0'),
        entries: { 'node_modules/glob': entry('glob', '8.0.0') },
      },
      ['package.json: free glob@8.0.0', 'package-lock.json: free'],
    ],
    [
      'a program that nobody has',
      x(entry('x', '1.0.0', { bin: { xx: 'x.js' } })),
      ['package.json: free x@1.0.0', 'package-lock.json: free x@1.0.0'],
    ],
    [
      'a package of a scope from the registry of that scope',
      {
        manifest: withDependency('@corp/ui', '1'),
        entries: {
          'node_modules/@corp/ui': {
            ...entry('@corp/ui', '1.0.0'),
            resolved: 'https://npm.corp.example/@corp/ui/-/ui-1.0.0.tgz',
          },
        },
      },
      ['package.json: free @corp/ui@1.0.0', 'package-lock.json: free @corp/ui@1.0.0'],
    ],
    [
      'peers that are only welcome to it',
      x(
        entry('x', '1.0.0', {
          peerDependencies: { mocha: '*' },
          peerDependenciesMeta: { mocha: { optional: true } },
        }),
      ),
      ['package.json: free x@1.0.0', 'package-lock.json: free x@1.0.0'],
    ],
  ])('%s', (_name, shape, expected) => {
    expect(said(changes(was, texts(shape)))).toEqual(expected)
  })

  test('a member of a workspace asks', () => {
    const member = { name: 'app', dependencies: {} }
    const more = { dependencies: { x: '^1.0.0' } }
    const link = { resolved: 'packages/app', link: true }
    const manifest = { ...MANIFEST, workspaces: ['packages/*'] }
    const shape = (one: Entry, entries: Shape['entries'] = {}): Texts => ({
      ...texts({ manifest, entries: { 'node_modules/app': link, 'packages/app': one, ...entries } }),
      'packages/app/package.json': JSON.stringify(one),
    })
    const before = shape(member)
    const honest = shape({ ...member, ...more }, { 'node_modules/x': plain })
    expect(said(changes(before, honest)).sort()).toEqual([
      'package-lock.json: free x@1.0.0',
      'packages/app/package.json: free x@1.0.0',
    ])
    // A nearer one is free only where there was none of that name.
    const nearer = shape({ ...member, ...more }, { 'packages/app/node_modules/x': plain })
    expect(said(changes(before, nearer))[0]).toContain('free')
    const mocha = shape(
      { ...member, dependencies: { mocha: '^1.0.0' } },
      { 'packages/app/node_modules/mocha': entry('mocha', '1.0.0') },
    )
    expect(said(changes(before, mocha))[0]).toContain('shadows(mocha)')
  })

  test('formats of the text do not count', () => {
    const other = {
      'package.json': `${JSON.stringify(MANIFEST)}\n`,
      'package-lock.json': was['package-lock.json'] ?? '',
    }
    expect(said(changes(was, other))).toEqual(['package.json: free'])
  })

  test('version 2 has a second tree, which has to say the same', () => {
    const tree = (more: Entry): Entry => ({
      lockfileVersion: 2,
      dependencies: {
        ms: entry('ms', '2.0.0'),
        glob: entry('glob', '8.0.0', { dev: true }),
        ...more,
      },
    })
    const before = texts({ lock: tree({}) })
    expect(said(changes(before, texts(x(plain, { lock: tree({ x: plain }) }))))).toEqual([
      'package.json: free x@1.0.0',
      'package-lock.json: free x@1.0.0',
    ])
    const other = tree({ x: entry('x', '6.6.6') })
    expect(said(changes(before, texts(x(plain, { lock: other }))))[1]).toContain('unreadable')
  })

  test('addresses may be left out where they were at the start', () => {
    const bare = (shape: Shape): Texts => ({
      ...texts(shape),
      'package-lock.json': (texts(shape)['package-lock.json'] ?? '').replaceAll(/ *"resolved": .*\n/g, ''),
    })
    expect(said(changes(bare({}), bare(x(plain))))).toEqual([
      'package.json: free x@1.0.0',
      'package-lock.json: free x@1.0.0',
    ])
    expect(said(changes(bare({}), texts(x(plain))))[0]).toContain('definition')
    expect(said(changes(was, bare(x(plain))))[0]).toContain('definition')
  })
})

/** What an agent may try; the reason that stands first in the manifest, or in the lock file where that alone differs. */
describe('tricks are definition', () => {
  const spec = (name: string, one: string): Shape => ({
    manifest: withDependency(name, one),
    entries: { [`node_modules/${name}`]: entry(name, '1.0.0') },
  })
  test.each<[string, Shape, string]>([
    ['a file', spec('x', 'file:src/x.tgz'), 'not-from-a-registry(x)'],
    ['a link', spec('x', 'link:../x'), 'not-from-a-registry(x)'],
    ['a repository', spec('x', 'github:me/x'), 'not-from-a-registry(x)'],
    ['a short repository', spec('x', 'me/x'), 'not-from-a-registry(x)'],
    ['a git address', spec('x', 'git+ssh://git@host/x.git'), 'not-from-a-registry(x)'],
    ['an address', spec('x', 'https://host/x.tgz'), 'not-from-a-registry(x)'],
    ['an alias', spec('x', 'npm:mocha-fork@1'), 'alias(x)'],
    ['an alias that only the lock file has', x({ ...plain, name: 'mocha-fork' }), 'alias(x)'],
    [
      'another package under the address',
      x({ ...plain, resolved: 'https://registry.example/y/-/y-1.0.0.tgz' }),
      'not-from-a-registry(x)',
    ],
    [
      'another version under the address',
      x({ ...plain, resolved: 'https://registry.example/x/-/x-2.0.0.tgz' }),
      'not-from-a-registry(x)',
    ],
    [
      'a way up in the address',
      x({ ...plain, resolved: 'https://registry.example/y/%2e%2e/x/-/x-1.0.0.tgz' }),
      'definition',
    ],
    ['another host', x({ ...plain, resolved: 'https://evil.example/x/-/x-1.0.0.tgz' }), 'other-registry(x)'],
    [
      'another port',
      x({ ...plain, resolved: 'https://registry.example:8443/x/-/x-1.0.0.tgz' }),
      'other-registry(x)',
    ],
    [
      'another path of the host',
      x({ ...plain, resolved: 'https://registry.example/me/x/-/x-1.0.0.tgz' }),
      'other-registry(x)',
    ],
    [
      'another protocol',
      x({ ...plain, resolved: 'http://registry.example/x/-/x-1.0.0.tgz' }),
      'other-registry(x)',
    ],
    [
      'a name from the registry of a scope',
      x({ ...plain, resolved: 'https://npm.corp.example/x/-/x-1.0.0.tgz' }),
      'other-registry(x)',
    ],
    ['a file in the lock file', x({ ...plain, resolved: 'file:src/x.tgz' }), 'not-from-a-registry(x)'],
    ['no integrity', x({ ...plain, integrity: undefined }), 'no-integrity(x)'],
    ['a list of its own inside of it', x({ ...plain, hasShrinkwrap: true }), 'no-integrity(x)'],
    ['SHA-1', x({ ...plain, integrity: 'sha1-aaaaaaaaaaaaaaaaaaaaaaaaaaa=' }), 'no-integrity(x)'],
    ['a link in the lock file', x({ resolved: 'src/x', link: true }), 'not-from-a-registry(x)'],
    ['a program of a gate', x({ ...plain, bin: { mocha: 'x.js' } }), 'program(x)'],
    [
      'a program of a gate that is its name',
      x(entry('tsc', '1.0.0', { bin: 'x.js' }), {
        manifest: withDependency('tsc', '1'),
        entries: { 'node_modules/x': null, 'node_modules/tsc': entry('tsc', '1.0.0', { bin: 'x.js' }) },
      }),
      'program(tsc)',
    ],
    ['a program that was there', x({ ...plain, bin: { _mocha: 'x.js' } }), 'program(x)'],
    ['a program behind all gates', x({ ...plain, bin: { env: 'x.js' } }), 'program(x)'],
    ['an install script', x({ ...plain, hasInstallScript: true }), 'install-script(x)'],
    ['a plug-in of a gate', x({ ...plain, peerDependencies: { mocha: '*' } }), 'plug-in(x)'],
    [
      'a plug-in by name',
      {
        manifest: withDependency('prettier-plugin-x', '1'),
        entries: { 'node_modules/prettier-plugin-x': entry('prettier-plugin-x', '1.0.0') },
      },
      'plug-in(prettier-plugin-x)',
    ],
    [
      'what a tool of the start takes if it is there',
      {
        manifest: withDependency('mocha-extra', '1'),
        entries: { 'node_modules/mocha-extra': entry('mocha-extra', '1.0.0') },
      },
      'wanted-by-start(mocha-extra)',
    ],
    [
      'deep down',
      x(entry('x', '1.0.0', { dependencies: { y: '1' } }), {
        entries: { 'node_modules/y': { ...entry('y', '1.0.0'), resolved: 'git+https://h/y.git#1' } },
      }),
      'not-from-a-registry(y)',
    ],
    [
      'asked for as a peer',
      x(entry('x', '1.0.0', { peerDependencies: { y: '1' } }), {
        entries: { 'node_modules/y': entry('y', '1.0.0', { hasInstallScript: true }) },
      }),
      'install-script(y)',
    ],
    [
      'a nearer one for a tool',
      x(plain, { entries: { 'node_modules/mocha/node_modules/ms': entry('ms', '1.0.0') } }),
      'not-in-manifest(ms)',
    ],
    [
      'one for a tool, from far',
      x(entry('x', '1.0.0', { dependencies: { mocha: '*' } }), {
        entries: { 'node_modules/mocha/node_modules/ms': entry('ms', '1.0.0') },
      }),
      'shadows(ms)',
    ],
    [
      'a place that is none',
      x(plain, { entries: { 'node_modules/x/../mocha/node_modules/ms': entry('ms', '1.0.0') } }),
      'not-in-manifest(ms)',
    ],
    [
      'another version of a tool',
      { entries: { 'node_modules/mocha': entry('mocha', '10.0.1') } },
      'moved(mocha)',
    ],
    [
      'another content of a tool',
      {
        entries: {
          'node_modules/mocha': { ...ENTRIES['node_modules/mocha'], integrity: SEAL.replace('a', 'b') },
        },
      },
      'moved(mocha)',
    ],
    ['a tool that has gone', { entries: { 'node_modules/mocha': null } }, 'moved(mocha)'],
    ['one that nobody asks for', { entries: { 'node_modules/x': plain } }, 'not-in-manifest(x)'],
    [
      'one that the lock file alone asks for',
      { root: withDependency('x', '^1.0.0'), entries: { 'node_modules/x': plain } },
      'definition',
    ],
    [
      'one that the manifest alone asks for',
      { manifest: withDependency('x', '^1.0.0'), root: MANIFEST, entries: { 'node_modules/x': plain } },
      'not-in-lock(x)',
    ],
    ['another range in the lock file', x(plain, { root: withDependency('x', '*') }), 'not-in-lock(x)'],
    ['a package that is missing', { manifest: withDependency('x', '1') }, 'not-in-lock(x)'],
    ['another range', { manifest: withDependency('ms', '^2.0.1') }, 'moved(ms)'],
    ['fewer', { manifest: { ...MANIFEST, dependencies: {} } }, 'moved(ms)'],
    ['a script', { manifest: { ...MANIFEST, scripts: { test: 'true' } } }, 'other-content'],
    [
      'overrides',
      x(plain, { manifest: { ...withDependency('x', '^1.0.0'), overrides: { ms: '1' } } }),
      'other-content',
    ],
    ['resolutions', { manifest: { ...MANIFEST, resolutions: { ms: '1' } } }, 'other-content'],
    ['peers of the project', { manifest: { ...MANIFEST, peerDependencies: { x: '1' } } }, 'other-content'],
    [
      'the other order of a table in which order counts',
      {
        manifest: {
          scripts: { test: 'mocha' },
          name: 'demo',
          dependencies: MANIFEST.dependencies,
          devDependencies: MANIFEST.devDependencies,
        },
      },
      'other-content',
    ],
    ['another setting of the lock file', x(plain, { lock: { requires: false } }), 'other-content'],
    ['a lock file of version 1', x(plain, { lock: { lockfileVersion: 1 } }), 'unreadable'],
    [
      'a flag that hides a tool',
      { entries: { 'node_modules/ms': entry('ms', '2.0.0', { dev: true }) } },
      'moved(ms)',
    ],
    [
      'a flag that nothing calls for',
      x(plain, { entries: { 'node_modules/glob': entry('glob', '8.0.0') } }),
      'moved(glob)',
    ],
    [
      'an override under a name of JSON',
      { manifest: JSON.parse('{"__proto__":{"a":1},"name":"demo"}') as Entry },
      'definition',
    ],
  ])('%s', (_name, shape, expected) => {
    const now = texts(shape)
    const lines = said(changes(was, now))
    expect(lines.join('\n')).toContain(expected)
    expect(lines.some((line) => line.includes('definition'))).toBe(true)
    // What is given back for the second look is an honest change, or the start.
    expect(said(changes(was, secondLook(was, now))).every((line) => line.includes(': free'))).toBe(true)
  })

  test('what the lock file alone asks for, of packages that are there', () => {
    const asks = ({ name, dependencies, devDependencies }: Entry): string[] =>
      said(changes(was, texts({ root: { name, dependencies, devDependencies } })))
    expect(asks(withDependency('glob', '^8.0.0'))).toEqual([
      'package-lock.json: definition not-in-manifest(glob)',
    ])
    expect(asks(withDependency('ms', '*'))).toEqual(['package-lock.json: definition moved(ms)'])
    const member = texts({ entries: { 'packages/new': { dependencies: {} } } })
    expect(said(changes(was, member))).toEqual(['package-lock.json: definition other-content'])
  })

  test('files that appear or vanish', () => {
    const { 'package-lock.json': lock = '', 'package.json': manifest = '' } = texts(x(plain))
    expect(
      said(
        changes(
          { 'package.json': was['package.json'] ?? '' },
          { 'package.json': manifest, 'package-lock.json': lock },
        ),
      ),
    ).toEqual(['package.json: definition with-its-pair(x)', 'package-lock.json: definition new-file'])
    expect(said(changes(was, { 'package.json': was['package.json'] ?? '' }))).toEqual([
      'package-lock.json: definition removed-file',
    ])
    expect(said(changes({}, { 'app/package.json': '{"type":"module"}' }))).toEqual([
      'app/package.json: definition new-file',
    ])
    expect(
      said(changes({ 'package.json': '{}' }, { 'package.json': '{"dependencies":{"x":"1.0.0"}}' })),
    ).toEqual(['package.json: definition not-in-lock(x)'])
    // A second lock file has to say the same.
    expect(
      said(
        changes(
          { ...was, 'npm-shrinkwrap.json': was['package-lock.json'] ?? '' },
          { ...texts(x(plain)), 'npm-shrinkwrap.json': was['package-lock.json'] ?? '' },
        ),
      )[0],
    ).toContain('not-in-lock(x)')
  })

  test.each(['{', '[]', 'null', '{"dependencies":[]}', '{"dependencies":{"x":1}}'])(
    'a manifest %s',
    (text) => {
      expect(said(changes(was, { ...was, 'package.json': text }))[0]).toContain('definition')
    },
  )
})

describe('honest additions beside something else', () => {
  test('a script: the second look has the addition and the script of the start', () => {
    const now = texts(
      x(plain, {
        manifest: { ...withDependency('x', '^1.0.0'), scripts: { test: 'true' } },
        root: {
          name: 'demo',
          dependencies: { ms: '^2.0.0', x: '^1.0.0' },
          devDependencies: MANIFEST.devDependencies,
        },
      }),
    )
    expect(said(changes(was, now))).toEqual([
      'package.json: definition +free other-content',
      'package-lock.json: free x@1.0.0',
    ])
    const second = secondLook(was, now)
    expect(JSON.parse(second['package.json'] ?? '')).toEqual(withDependency('x', '^1.0.0'))
    expect(second['package-lock.json']).toBe(now['package-lock.json'])
  })

  test('a file: the second look has the addition alone, in both files', () => {
    const now = texts(
      x(plain, {
        manifest: { ...MANIFEST, dependencies: { ms: '^2.0.0', x: '^1.0.0', bad: 'file:src' } },
        entries: { 'node_modules/bad': { resolved: 'src', link: true } },
      }),
    )
    expect(said(changes(was, now))).toEqual([
      'package.json: definition +free not-from-a-registry(bad)',
      'package-lock.json: definition +free not-from-a-registry(bad) not-in-manifest(bad)',
    ])
    const second = secondLook(was, now)
    expect(second).toEqual({ ...second, 'package.json': texts(x(plain))['package.json'] })
    expect(JSON.parse(second['package-lock.json'] ?? '')).toEqual(
      JSON.parse(texts(x(plain))['package-lock.json'] ?? ''),
    )
  })
})
