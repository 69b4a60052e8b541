import { describe, expect, test } from '@jest/globals'
import { type Because, mayBeDefinition, shapeOf } from '../../../src/workspace/shape/shape.ts'
import {
  type Named,
  type StartShape,
  hasSources,
  startShape,
} from '../../../src/workspace/shape/start-shape.ts'

const none = { files: new Set<string>(), trees: new Set<string>() }

function startOf(names: readonly string[], named: Named = none): StartShape {
  return startShape(
    new Map(names.map((name) => (name.endsWith('*') ? [name.slice(0, -1), 'x'] : [name, 'f']))),
    named,
  )
}

function because(start: StartShape, file: string, kind = 'f'): Because | 'free' {
  const shape = shapeOf(start, file, kind)
  return shape.kind === 'free' ? 'free' : shape.because
}

const nested = startOf(
  [
    'package.json',
    'README.md',
    'vitest.config.ts',
    'src/index.ts',
    'src/locales/en.json',
    'test/index.test.ts',
    'test/fixtures/a.yaml',
    'test/fixtures/a.txt',
    'assets/logo.png',
    'bin/run*',
    'scripts/check.sh',
    'packages/a/package.json',
    'packages/a/lib/a.ts',
    'test/jest-e2e.json',
  ],
  { files: new Set(['test/jest-e2e.json', 'scripts/check.sh']), trees: new Set(['tools/gate']) },
)

describe('a project whose sources lie in directories', () => {
  test.each<[string, Because | 'free']>([
    ['src/index.ts', 'free'],
    ['src/deep/new.ts', 'free'],
    ['test/new.test.ts', 'free'],
    ['packages/a/lib/b.ts', 'free'],
    ['packages/new/lib/b.ts', 'free'],
    ['README.md', 'free'],
    ['docs/new.rst', 'free'],
    ['assets/icon.png', 'free'],
    ['src/locales/en.json', 'free'],
    ['src/locales/de.json', 'free'],
    ['test/fixtures/b.yaml', 'free'],
    ['test/other/b.txt', 'free'],
    ['test/other/CMakeLists.txt', 'settings'],
    ['notes.txt', 'settings'],
    ['bin/run', 'free'],
    ['package.json', 'settings'],
    ['package-lock.json', 'settings'],
    ['packages/a/package.json', 'settings'],
    ['packages/a/tsconfig.json', 'settings'],
    ['src/package.json', 'settings'],
    ['src/tsconfig.json', 'settings'],
    ['src/locales/go.mod', 'settings'],
    ['vitest.config.ts', 'settings'],
    ['packages/a/vite.config.ts', 'settings'],
    ['src/vitest.workspace.ts', 'settings'],
    ['test/golden/page.html', 'free'],
    ['src/test/page.html', 'ending'],
    ['test/golden/page', 'ending'],
    ['test/golden/page.toml', 'settings'],
    ['test/x.conf.cjs', 'settings'],
    ['src/babelrc.ts', 'free'],
    ['src/crc.ts', 'free'],
    ['src/hooks/use-workspace.ts', 'free'],
    ['src/account-setup.ts', 'free'],
    ['src/app.config.ts', 'settings'],
    ['packages/a/babelrc.ts', 'settings'],
    ['packages/a/eslint-preset.ts', 'settings'],
    ['index.ts', 'project-root'],
    ['packages/a/index.ts', 'project-root'],
    ['gulpfile.ts', 'settings'],
    ['Makefile', 'ending'],
    ['src/Makefile', 'ending'],
    ['bin/new', 'ending'],
    ['src/a.rb', 'ending'],
    ['.npmrc', 'dotfile'],
    ['src/.npmrc', 'dotfile'],
    ['.github/workflows/ci.yml', 'dotfile'],
    ['AGENTS.md', 'instructions'],
    ['docs/CLAUDE.md', 'instructions'],
    ['.claude/settings.json', 'dotfile'],
    ['src/.eslintrc/index.ts', 'dotfile'],
    ['src/node_modules/a/index.ts', 'tool-directory'],
    ['packages/a/node_modules/.bin/mocha', 'dotfile'],
    ['x.egg-info/entry_points.txt', 'tool-directory'],
    ['test/jest-e2e.json', 'named-by-gate'],
    ['scripts/check.sh', 'named-by-gate'],
    ['tools/gate/deep/x.ts', 'named-by-gate'],
    ['__mocks__/fs.ts', 'loaded-by-name'],
    ['packages/a/__mocks__/fs.ts', 'loaded-by-name'],
    ['src/__mocks__/fs.ts', 'free'],
  ])('%s: %s', (file, expected) => {
    expect(because(nested, file)).toBe(expected)
  })

  test('a link is definition, as what it was or what it is', () => {
    expect(because(nested, 'src/index.ts', 'l')).toBe('link')
    const start = startShape(
      new Map([
        ['src/a.ts', 'l'],
        ['src/b.ts', 'f'],
      ]),
      none,
    )
    expect(because(start, 'src/a.ts')).toBe('link')
    expect(because(start, 'src/a.ts', '-')).toBe('link')
    expect(because(start, 'src/b.ts', '-')).toBe('free')
  })
})

describe('a flat project', () => {
  const flat = startOf(['pyproject.toml', 'main.py', 'shop.py', 'test_shop.py', 'tests/conftest.py'])

  test.each<[string, Because | 'free']>([
    ['main.py', 'free'],
    ['cart.py', 'free'],
    ['test_cart.py', 'free'],
    ['noxfile.py', 'settings'],
    ['setup.py', 'loaded-by-name'],
    ['conftest.py', 'loaded-by-name'],
    ['src/conftest.py', 'loaded-by-name'],
    ['tests/conftest.py', 'free'],
    ['lib/sitecustomize.py', 'loaded-by-name'],
    ['requirements.txt', 'settings'],
    ['lib/x.pth', 'settings'],
  ])('%s: %s', (file, expected) => {
    expect(because(flat, file)).toBe(expected)
  })
})

describe('a flat project of a language that is compiled', () => {
  const flat = startOf(['go.mod', 'main.go', 'options.go', 'script.js'])

  test.each<[string, Because | 'free']>([
    ['options.go', 'free'],
    ['config.go', 'free'],
    ['file.go', 'free'],
    ['magefile.go', 'settings'],
    ['build.go', 'settings'],
    ['cmd/build.go', 'free'],
    ['app.config.go', 'free'],
    ['options.js', 'settings'],
    ['go.mod', 'settings'],
  ])('%s: %s', (file, expected) => {
    expect(because(flat, file)).toBe(expected)
  })

  test('a source with a name of settings makes no root of a project', () => {
    const start = startOf([
      'go.mod',
      'pkg/app.config.go',
      'pkg/options.js',
      'lib/app.config.js',
      'lib/options.js',
    ])
    expect(because(start, 'pkg/options.js')).toBe('free')
    expect(because(start, 'lib/options.js')).toBe('settings')
  })
})

describe('more data', () => {
  const names = [
    'package.json',
    'src/version.json',
    'src/a.ts',
    'src/locales/en.json',
    'test/a.json',
    'test/a.test.ts',
    'db/seed/a.yaml',
  ]
  const start = startOf(names)

  test.each<[string, Because | 'free']>([
    ['src/locales/de.json', 'free'],
    ['src/locales/at/de.json', 'free'],
    ['src/data/rates.json', 'free'],
    ['test/fixtures/deep/b.json', 'free'],
    ['test/b.json', 'free'],
    ['db/seed/more/b.yaml', 'free'],
    ['src/version.json', 'free'],
    // A linter finds it from each source below.
    ['src/biome.json', 'settings'],
    ['src/locales/package.json', 'settings'],
    ['src/locales/tsconfig.json', 'settings'],
    ['db/b.yaml', 'settings'],
    ['lib/rates.json', 'settings'],
    ['rates.json', 'settings'],
  ])('%s: %s', (file, expected) => {
    expect(because(start, file)).toBe(expected)
  })

  test('beside a source that the work adds, it could be settings of that one', () => {
    const now = ['src/locales/de.json', 'src/locales/deep/de.ts']
    const files = new Map(names.map((name) => [name, 'f']))
    const added = startShape(files, none, undefined, now)
    expect(because(added, 'src/locales/de.json')).toBe('settings')
    expect(because(added, 'src/other/de.json')).toBe('free')
  })
})

describe('a module that stands in the place of an installed one', () => {
  const installed = new Map([['py', new Set(['pytest', 'black', 'test', 'email'])]])
  const files = [
    'pyproject.toml',
    'src/shop/__init__.py',
    'src/shop/cart.py',
    'src/email/__init__.py',
    'lib/a.py',
  ]
  const start = startShape(new Map(files.map((name) => [name, 'f'])), none, installed)

  test.each<[string, Because | 'free']>([
    ['lib/pytest.py', 'shadows-installed'],
    ['src/black/__init__.py', 'shadows-installed'],
    ['src/black/deep/x.py', 'shadows-installed'],
    ['pytest/x.py', 'shadows-installed'],
    ['src/shop/email.py', 'free'],
    ['src/email/smtp.py', 'free'],
    ['new/pytest.py', 'free'],
    ['test/cart.py', 'free'],
    ['lib/pytest_helper.py', 'free'],
  ])('%s: %s', (file, expected) => {
    expect(because(start, file)).toBe(expected)
  })
})

describe('data that lies beside sources', () => {
  const start = startOf([
    'package.json',
    'src/a.ts',
    'src/schema.json',
    'src/locales/en.json',
    'test/a.test.ts',
    'test/sample.json',
  ])

  test.each<[string, Because | 'free']>([
    ['src/schema.json', 'free'],
    ['src/biome.json', 'settings'],
    ['src/locales/de.json', 'free'],
    ['src/locales/tsconfig.json', 'settings'],
    ['test/other.json', 'free'],
    ['test/package.json', 'settings'],
  ])('%s: %s', (file, expected) => {
    expect(because(start, file)).toBe(expected)
  })
})

describe('what lies with a script that a gate names', () => {
  const files = [
    'package.json',
    'tools/ci/run.mjs',
    'tools/lib/check.mjs',
    'src/a.mjs',
    'src/b.mjs',
    'test/a.test.mjs',
    'test/run.mjs',
    'packages/x/package.json',
    'packages/x/scripts/check.sh',
    'packages/x/main/a.mjs',
  ]
  const named = [
    'tools/ci/run.mjs',
    'test/run.mjs',
    'src/b.mjs',
    'packages/x/package.json',
    'packages/x/scripts/check.sh',
    'gone/run.mjs',
  ]
  const start = startOf(files, { files: new Set(named), trees: new Set() })

  test.each<[string, Because | 'free']>([
    ['tools/lib/check.mjs', 'named-by-gate'],
    ['tools/lib/new.mjs', 'named-by-gate'],
    ['packages/x/scripts/lib.sh', 'named-by-gate'],
    ['packages/x/main/a.mjs', 'free'],
    ['src/a.mjs', 'free'],
    ['test/a.test.mjs', 'free'],
    ['gone/a.mjs', 'free'],
  ])('%s: %s', (file, expected) => {
    expect(because(start, file)).toBe(expected)
  })

  test('the same for a package whose program a gate starts', () => {
    const linked = startOf(files, { ...none, packages: new Set(['packages/x']) })
    expect(because(linked, 'packages/x/main/a.mjs')).toBe('named-by-gate')
    expect(because(linked, 'tools/lib/check.mjs')).toBe('free')
  })

  test('not where most of the sources lie there, too', () => {
    const shop = startOf(['pyproject.toml', 'shop/check.py', 'shop/cart.py', 'tests/test_cart.py'], {
      files: new Set(['shop/check.py']),
      trees: new Set(),
    })
    expect(because(shop, 'shop/check.py')).toBe('named-by-gate')
    expect(because(shop, 'shop/cart.py')).toBe('free')
  })
})

test('a start without sources tells nothing apart', () => {
  expect(hasSources(startOf(['README.md', 'package.json', '.gitignore', 'eslint.config.js']))).toBe(false)
  expect(hasSources(startOf(['README.md', 'src/a.js']))).toBe(true)
})

test.each([
  ['.env', true],
  ['main.py', true],
  ['src/tsconfig.json', true],
  ['src/babelrc.js', true],
  ['src/Makefile', true],
  ['src/a.js', false],
  ['assets/a.png', false],
])('kept when it differed at the start: %s %s', (file, expected) => {
  expect(mayBeDefinition(file)).toBe(expected)
})
