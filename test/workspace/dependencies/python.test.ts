import { describe, expect, test } from '@jest/globals'
import type { DependencyContext } from '../../../src/workspace/dependencies/dependency-change.ts'
import { type Texts, bringsNothing, changes, said, secondLook } from './changes.ts'

const SUM = 'a'.repeat(64)
const known: Partial<DependencyContext> = { installed: bringsNothing() }

/** The last file is the one that has to say so. */
function judge(was: Texts, now: Texts, context: Partial<DependencyContext> = known): string {
  expect(
    said(changes(was, secondLook(was, now, context), context)).filter((line) => line.includes('definition')),
  ).toEqual([])
  return said(changes(was, now, context)).join('\n')
}

describe('requirements', () => {
  const file = 'requirements-dev.txt'
  const hash = ` --hash=sha256:${SUM}`
  const was = { [file]: `pytest==7.0.0\npluggy==1.0.0\n` }
  const hashed = { [file]: `pytest==7.0.0 \\\n    ${hash} \\\n    ${hash}\n` }
  const more = (text: string, before: Texts = was): Texts => ({ [file]: `${before[file]}${text}` })

  test.each([
    ['six==1.0.0', was],
    ['Six == 1.0.0 ; python_version > "3"  # why', was],
    ['requests[socks]==2.0.0', was],
    [`six==1.0.0${hash}`, hashed],
  ])('%s is free', (line, before) => {
    expect(judge(before, more(`${line}\n`, before))).toMatch(/: free (?:six|requests)@[12]\.0\.0$/)
  })

  test('what it needs has to be in the list', () => {
    const installed = bringsNothing({ six: ['pluggy'] })
    expect(judge(was, more('six==1.0.0\n'), { installed })).toContain('free')
    expect(judge(was, more('six==1.0.0\n'), { installed: bringsNothing({ six: ['urllib3'] }) })).toContain(
      'not-in-lock(urllib3)',
    )
  })

  test.each([
    ['six', 'not-pinned(six)'],
    ['six>=1', 'not-pinned(six)'],
    ['six==1.*', 'not-pinned(six)'],
    ['pytest==8.0.0', 'moved(pytest)'],
    ['PyTest==7.0.0', 'moved(pytest)'],
    ['pytest-retry==1.0.0', 'plug-in(pytest-retry)'],
    ['--index-url https://evil.example', 'other-content'],
    ['-r other.txt', 'other-content'],
    ['-e .', 'other-content'],
    ['./six', 'other-content'],
    ['six @ https://evil.example/six.whl', 'other-content'],
    ['six==1.0.0 --config-settings x', 'other-content'],
    ['https://evil.example/six-1.0.0.whl', 'other-content'],
    // pip ends a comment at the line, backslash or not, and takes other signs for line ends.
    ['# \\\n--index-url https://evil.example', 'other-content'],
    ['# \f--index-url https://evil.example', 'unreadable'],
    ['# \u2028--index-url https://evil.example', 'unreadable'],
    ['# \r--index-url https://evil.example', 'unreadable'],
    ['si\\\nx', 'not-pinned(six)'],
  ])('%j is definition', (line, reason) => {
    expect(judge(was, more(`${line}\n`))).toContain(`definition ${reason}`)
  })

  test('without hashes where the others have them, and in a list that is not of single versions', () => {
    expect(judge(hashed, more('six==1.0.0\n', hashed))).toContain('no-integrity(six)')
    expect(judge(was, more(`six==1.0.0${hash}\n`))).toContain('other-content')
    const open = { [file]: 'pytest>=7\n' }
    expect(judge(open, more('six==1.0.0\n', open))).toContain('no-integrity(six)')
  })

  test('an addition beside something else is given back', () => {
    const now = more('--pre\nsix==1.0.0\n')
    // Options make the list one that pip may fill as it likes.
    expect(judge(was, now)).toContain('definition other-content')
  })

  test('nobody knows what it brings', () => {
    expect(judge(was, more('six==1.0.0\n'), {})).toContain('cannot-tell(six)')
  })
})

describe('uv', () => {
  const entry = (name: string, version: string, more = '', from = 'https://files.pythonhosted.org'): string =>
    `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = { registry = "https://pypi.org/simple" }\n${more}` +
    `wheels = [{ url = "${from}/packages/aa/${name.replaceAll('-', '_')}-${version}-py3-none-any.whl", hash = "sha256:${SUM}", size = 1 }]\n\n`
  const own = (...names: readonly string[]): string =>
    `[[package]]\nname = "demo"\nversion = "0.1.0"\nsource = { virtual = "." }\n` +
    `dependencies = [${names.map((name) => `{ name = "${name}" }`).join(', ')}]\n\n` +
    `[package.metadata]\nrequires-dist = [${names.map((name) => `{ name = "${name}", specifier = ">=1" }`).join(', ')}]\n\n`
  const manifest = (...names: readonly string[]): string =>
    `[project]\nname = "demo"\nversion = "0.1.0"\ndependencies = [${names.map((name) => `"${name}>=1"`).join(', ')}]\n`
  const head = 'version = 1\nrequires-python = ">=3.11"\n\n'
  const texts = (names: readonly string[], ...entries: readonly string[]): Texts => ({
    'pyproject.toml': manifest(...names),
    'uv.lock': head + own(...names) + entries.join(''),
  })
  const was = texts(['six'], entry('six', '1.0.0'))
  const needs = 'dependencies = [{ name = "idna" }]\n'

  test('an honest addition is free', () => {
    const now = texts(
      ['six', 'httpx'],
      entry('six', '1.0.0'),
      entry('httpx', '1.0.0', needs),
      entry('idna', '3.0'),
    )
    expect(judge(was, now)).toBe('pyproject.toml: free httpx@1.0.0\nuv.lock: free httpx@1.0.0 idna@3.0')
    expect(judge(was, now, {})).toContain('cannot-tell(httpx)')
    const loads = { installed: () => ({ programs: [], loadsItself: true, needs: [] }) }
    expect(judge(was, now, loads)).toContain('plug-in(httpx)')
    const brings = { installed: () => ({ programs: ['pytest'], loadsItself: false, needs: [] }) }
    expect(judge(was, now, brings)).toContain('program(httpx)')
  })

  const x = (text: string): Texts => texts(['six', 'x'], entry('six', '1.0.0'), text)
  test.each<[string, Texts, string]>([
    ['another host of the files', x(entry('x', '1.0.0', '', 'https://evil.example')), 'other-registry(x)'],
    ['a file of another package', x(entry('x', '1.0.0').replace('/x-1', '/y-1')), 'not-from-a-registry(x)'],
    ['another registry', x(entry('x', '1.0.0').replace('pypi.org', 'evil.example')), 'other-registry(x)'],
    [
      'a repository',
      x(entry('x', '1.0.0').replace('registry = "https://pypi.org/simple"', 'git = "https://h/x"')),
      'not-from-a-registry(x)',
    ],
    ['no hash', x(entry('x', '1.0.0').replace(`hash = "sha256:${SUM}", `, '')), 'no-integrity(x)'],
    [
      'what has to be built',
      x(
        entry('x', '1.0.0')
          .replace('wheels = [{', 'sdist = {')
          .replace('-py3-none-any.whl', '.tar.gz')
          .replace('}]', '}'),
      ),
      'install-script(x)',
    ],
    ['another version', texts(['six'], entry('six', '1.0.1')), 'moved(six)'],
    [
      'a second version',
      texts(
        ['six', 'x'],
        entry('six', '1.0.0'),
        entry('x', '1.0.0', 'dependencies = [{ name = "six", version = "2.0.0" }]\n'),
        entry('six', '2.0.0'),
      ),
      'definition',
    ],
    [
      'one that nobody asks for',
      { ...was, 'uv.lock': texts(['six'], entry('six', '1.0.0'), entry('x', '1.0.0'))['uv.lock'] ?? '' },
      'not-in-manifest(x)',
    ],
    ['a manifest alone', { ...was, 'pyproject.toml': manifest('six', 'x') }, 'not-in-lock(x)'],
    [
      'a lock file alone',
      { ...was, 'uv.lock': x(entry('x', '1.0.0'))['uv.lock'] ?? '' },
      'not-in-manifest(x)',
    ],
    [
      'a source',
      {
        ...x(entry('x', '1.0.0')),
        'pyproject.toml': `${manifest('six', 'x')}[tool.uv.sources]\nx = { path = "src/x" }\n`,
      },
      'other-content',
    ],
    [
      'settings of pytest',
      { ...was, 'pyproject.toml': `${manifest('six')}[tool.pytest.ini_options]\naddopts = "-x"\n` },
      'other-content',
    ],
    [
      'the build system',
      { ...was, 'pyproject.toml': `${manifest('six')}[build-system]\nrequires = ["x"]\n` },
      'other-content',
    ],
    [
      'an address',
      { ...was, 'pyproject.toml': manifest('six').replace('"six>=1"', '"six>=1", "x @ file:///tmp/x"') },
      'not-from-a-registry',
    ],
    [
      'a second line about the same',
      { ...was, 'pyproject.toml': manifest('six').replace('"six>=1"', '"six<2", "six>=1"') },
      'moved(six)',
    ],
    [
      'a key that is there twice',
      { ...was, 'pyproject.toml': `${manifest('six')}dependencies = []\n` },
      'unreadable',
    ],
  ])('%s is definition', (_name, now, reason) => {
    expect(judge(was, now)).toContain(reason)
  })

  test('settings beside an addition: the addition is given back', () => {
    const honest = x(entry('x', '1.0.0'))
    const now = { ...honest, 'pyproject.toml': `${honest['pyproject.toml']}[tool.black]\nline-length = 1\n` }
    expect(judge(was, now)).toBe('pyproject.toml: definition +free other-content\nuv.lock: free x@1.0.0')
    expect(secondLook(was, now, known)['pyproject.toml']).not.toContain('black')
  })
})

describe('poetry, pdm, pipenv', () => {
  const files = (name: string, version: string): string =>
    `files = [{ file = "${name}-${version}-py3-none-any.whl", hash = "sha256:${SUM}" }]\n`
  const poetry = (hash: string, ...names: readonly string[]): string =>
    names
      .map(
        (name) =>
          `[[package]]\nname = "${name}"\nversion = "1.0.0"\noptional = false\ngroups = ["main"]\n${files(name, '1.0.0')}${name === 'x' ? '[package.dependencies]\nidna = ">=1"\n' : ''}\n`,
      )
      .join('') + `[metadata]\nlock-version = "2.1"\ncontent-hash = "${hash}"\n`
  const pdm = (hash: string, ...names: readonly string[]): string =>
    `[metadata]\ngroups = ["default"]\ncontent_hash = "sha256:${hash}"\n\n` +
    names
      .map(
        (name) =>
          `[[package]]\nname = "${name}"\nversion = "1.0.0"\ngroups = ["default"]\n${files(name, '1.0.0')}${name === 'x' ? 'dependencies = ["idna>=1"]\n' : ''}\n`,
      )
      .join('')
  const inPoetry = (...names: readonly string[]): string =>
    `[tool.poetry.dependencies]\npython = "^3.11"\n${names.map((name) => `${name} = "^1.0"\n`).join('')}`
  const inProject = (...names: readonly string[]): string =>
    `[project]\nname = "demo"\ndependencies = [${names.map((name) => `"${name}>=1"`).join(', ')}]\n`
  const pipenv = (hash: string, ...names: readonly string[]): string =>
    JSON.stringify({
      _meta: { hash: { sha256: hash }, sources: [{ name: 'pypi', url: 'https://pypi.org/simple' }] },
      default: Object.fromEntries(
        names.map((name) => [name, { hashes: [`sha256:${SUM}`], index: 'pypi', version: '==1.0.0' }]),
      ),
      develop: {},
    })
  const inPipfile = (...names: readonly string[]): string =>
    `[[source]]\nurl = "https://pypi.org/simple"\nname = "pypi"\n[packages]\n${names.map((name) => `${name} = "*"\n`).join('')}`

  const rows = [
    { lock: 'poetry.lock', manifest: 'pyproject.toml', write: poetry, ask: inPoetry },
    { lock: 'pdm.lock', manifest: 'pyproject.toml', write: pdm, ask: inProject },
    { lock: 'Pipfile.lock', manifest: 'Pipfile', write: pipenv, ask: inPipfile },
  ]
  const context = { installed: bringsNothing({ x: ['idna'] }) }
  describe.each(rows)('$lock', ({ lock, manifest, write, ask }) => {
    const was = { [manifest]: ask('six'), [lock]: write('1', 'six') }
    const honest = { [manifest]: ask('six', 'x'), [lock]: write('2', 'six', 'x', 'idna') }

    test('an honest addition is free', () => {
      expect(judge(was, honest, context)).toBe(`${manifest}: free x@1.0.0\n${lock}: free x@1.0.0 idna@1.0.0`)
      expect(judge(was, honest, {})).toContain('cannot-tell(x)')
    })

    const changed = (from: string | RegExp, to: string): Texts => ({
      ...honest,
      [lock]: (honest[lock] ?? '').replaceAll(from, to),
    })
    test.each<[string, Texts, string]>([
      ['another version', changed(/1\.0\.0/g, '1.0.1'), 'moved(six)'],
      ['no hashes', changed(SUM, ''), 'no-integrity(x)'],
      [
        'more than what is asked for',
        { ...honest, [lock]: write('2', 'six', 'x', 'idna', 'other') },
        'not-in-manifest(other)',
      ],
      ['less than what is asked for', { ...honest, [lock]: write('2', 'six') }, 'not-in-lock(x)'],
      ['a manifest alone', { ...honest, [lock]: was[lock] ?? '' }, 'not-in-lock(x)'],
      ['a lock file alone', { ...honest, [manifest]: was[manifest] ?? '' }, 'not-in-manifest(x)'],
      [
        'another name',
        { [manifest]: ask('six', 'pytest-retry'), [lock]: write('2', 'six', 'pytest-retry') },
        'plug-in(pytest-retry)',
      ],
      [
        'an index',
        {
          ...honest,
          [manifest]: `${honest[manifest]}\n[[tool.poetry.source]]\nname = "a"\nurl = "https://evil.example"\n`,
        },
        'other-content',
      ],
      [
        'a file',
        {
          ...honest,
          [manifest]: (honest[manifest] ?? '')
            .replaceAll(/x = .*/g, 'x = { path = "src" }')
            .replace('"x>=1"', '"x @ file:src"'),
        },
        'not-from-a-registry',
      ],
    ])('%s is definition', (_name, now, reason) => {
      expect(judge(was, now, context)).toContain(reason)
    })
  })

  test('files that a lock file names by their address', () => {
    const was = { 'pyproject.toml': inPoetry('six'), 'poetry.lock': poetry('1', 'six') }
    const from = (type: string): Texts => ({
      'pyproject.toml': inPoetry('six', 'x'),
      'poetry.lock':
        poetry('2', 'six', 'idna') +
        `[[package]]\nname = "x"\nversion = "1.0.0"\ngroups = ["main"]\n${files('x', '1.0.0')}[package.source]\ntype = "${type}"\nurl = "https://evil.example"\n`,
    })
    expect(judge(was, from('git'), context)).toContain('not-from-a-registry(x)')
    expect(judge(was, from('legacy'), context)).toContain('other-registry(x)')
  })
})
