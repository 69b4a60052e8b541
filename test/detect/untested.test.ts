import { describe, expect, test } from '@jest/globals'
import { parseProjectConfig } from '../../src/contract/config.ts'
import { type Files, repository } from './rig.ts'

const { write, lines, notes, found, detect } = repository()
const json = JSON.stringify
const makeTest = { Makefile: '.PHONY: test\ntest:\n\t./t\n' }

describe('build files that we know and have no gate for', () => {
  test.each<[string, string, string?]>([
    ['mix.exs', 'mix test'],
    ['build.zig', 'zig build test'],
    ['Package.swift', 'swift test'],
    ['build.sbt', 'sbt test'],
    ['MODULE.bazel', 'bazel test //...'],
    ['WORKSPACE', 'bazel test //...'],
    ['pubspec.yaml', 'dart test'],
    ['pubspec.yaml', 'flutter test', 'dependencies:\n  flutter:\n    sdk: flutter\n'],
    ['stack.yaml', 'stack test'],
    ['x.cabal', 'cabal test all'],
    ['dune-project', 'dune test'],
  ])('%s: %s', (file, line, text = '') => {
    write({ [file]: text })
    const argv = json(line.split(' '))
    const result = detect()
    if (result.ok) throw new Error('no gate was expected')
    const { code, message, fix, data } = result.error
    expect(code).toBe('missing_verification_commands')
    expect(message).toContain(`${file}: no gate tests this project`)
    expect(message).toContain(`The line to copy: "test": ${argv}`)
    expect(fix?.replaceAll(' ', '')).toContain(`{"commands":{"test":${argv.replaceAll(' ', '')}}}`)
    expect(parseProjectConfig(json(data?.['config_to_copy']), 'copied')).toMatchObject({
      ok: true,
      value: { commands: { test: { argv: line.split(' ') } } },
    })
  })

  test('beside a gate that does something else', () => {
    write({ 'mix.exs': '', ...makeTest })
    expect(lines()).toEqual(['test: make test'])
    expect(notes()).toBe(
      'mix.exs: no gate tests this project, as far as the files show. The line to copy: "mix-test": ["mix","test"]',
    )
  })

  test('beside a gate that runs it', () => {
    write({
      'mix.exs': '',
      Makefile: '.PHONY: test\ntest: deps\n\tMIX_ENV=test mix test --cover\ndeps:\n\tmix deps.get\n',
    })
    expect(notes()).toBe('')
  })

  test('beside package.json without scripts, which does not hide it', () => {
    write({ 'mix.exs': '', 'package.json': '{}', 'package-lock.json': '{}' })
    expect(detect()).toMatchObject({ error: { message: expect.stringContaining('mix.exs: no gate') } })
  })

  test('two projects of .NET side by side', () => {
    write({ 'a.csproj': '', 'b.csproj': '' })
    expect(detect()).toMatchObject({
      error: {
        message: expect.stringContaining('The line to copy for one: "test": ["dotnet","test","a.csproj"]'),
      },
    })
  })
})

describe('projects below the root', () => {
  const web: Files = {
    'web/package.json': json({ scripts: { test: 'vitest run' } }),
    'web/package-lock.json': '{}',
  }
  const api: Files = { 'api/pyproject.toml': '[tool.pytest.ini_options]\n', 'api/tests/test_a.py': '' }
  const line = (file: string, name: string, argv: readonly string[], cwd: string): string =>
    `${file}: no gate tests this project, as far as the files show. The line to copy: ${json(name)}: ${json({ argv, cwd })}`
  const webLine = line('web/package.json', 'web-test', ['npm', 'run', 'test'], 'web')
  const apiLine = line('api/pyproject.toml', 'api-test', ['python3', '-m', 'pytest'], 'api')

  test.each<{ name: string; files: Files; said: readonly string[] }>([
    { name: 'two that no gate tests', files: { ...makeTest, ...web, ...api }, said: [apiLine, webLine] },
    {
      name: 'those that a target goes into',
      files: { Makefile: '.PHONY: test\ntest:\n\tcd web && npm test\n\tcd api && pytest\n', ...web, ...api },
      said: [],
    },
    {
      name: 'those that a tool is told of',
      files: { Makefile: '.PHONY: test\ntest:\n\tnpm --prefix web test\n\tpytest api\n', ...web, ...api },
      said: [],
    },
    {
      name: 'one that a target only lints',
      files: { Makefile: '.PHONY: lint test\nlint:\n\tcd web && npx eslint .\ntest:\n\t./t\n', ...web },
      said: [webLine],
    },
    {
      name: 'one that a target only names to a linter',
      files: { Makefile: '.PHONY: lint test\nlint:\n\teslint web\ntest:\n\t./t\n', ...web },
      said: [webLine],
    },
    {
      name: 'what pytest collects from the root, which is not a project itself',
      files: { Makefile: '.PHONY: test\ntest:\n\tpytest\n', ...web, ...api },
      said: [webLine],
    },
    {
      name: 'members of a workspace, and one that is not',
      files: {
        'package.json': json({ workspaces: ['p/*'] }),
        'package-lock.json': '{}',
        'p/a/package.json': json({ scripts: { test: 'jest' } }),
        ...web,
      },
      said: [webLine],
    },
    {
      name: 'without tests, or with a placeholder',
      files: {
        ...makeTest,
        'web/package.json': json({ scripts: { build: 'vite build' } }),
        'site/package.json': json({ scripts: { test: 'echo "no test specified" && exit 1' } }),
        'api/pyproject.toml': '[project]\n',
      },
      said: [],
    },
    {
      name: 'what stands aside',
      files: {
        ...makeTest,
        'examples/a/package.json': web['web/package.json'] as string,
        'docs/mix.exs': '',
      },
      said: [],
    },
    {
      name: 'what the tests of the root collect',
      files: { 'pyproject.toml': '[tool.pytest.ini_options]\n', ...api },
      said: [],
    },
    {
      name: 'crates of a workspace, and one that it excludes',
      files: {
        'Cargo.toml': '[workspace]\nmembers = ["a"]\nexclude = ["b"]\n',
        'a/Cargo.toml': '[package]\n',
        'b/Cargo.toml': '[package]\n',
      },
      said: [line('b/Cargo.toml', 'b-test', ['cargo', 'test'], 'b')],
    },
    {
      name: 'crates beside a package that is not a workspace',
      files: { 'Cargo.toml': '[package]\n', 'a/Cargo.toml': '[package]\n' },
      said: [line('a/Cargo.toml', 'a-test', ['cargo', 'test'], 'a')],
    },
    {
      name: 'a build that no detector reads, and only its outer project',
      files: { ...makeTest, 'app/mix.exs': '', 'app/apps/x/mix.exs': '' },
      said: [line('app/mix.exs', 'app-test', ['mix', 'test'], 'app')],
    },
    {
      name: 'packages of Cabal that Stack builds',
      files: { ...makeTest, 'stack.yaml': '', 'a/a.cabal': '' },
      said: [
        'stack.yaml: no gate tests this project, as far as the files show. The line to copy: "stack-test": ["stack","test"]',
      ],
    },
    {
      name: 'a project of .NET',
      files: {
        ...makeTest,
        'src/App.sln': 'Project("App.Tests\\App.Tests.csproj")',
        'src/App/App.csproj': '',
        'native/native.sln': 'Project("native.vcxproj")',
      },
      said: [line('src/App.sln', 'src-test', ['dotnet', 'test', 'App.sln', '--nologo'], 'src')],
    },
  ])('$name', ({ files, said }) => {
    write(files)
    const result = detect()
    if (!result.ok) throw new Error(result.error.message)
    expect(result.value.notes.filter((one) => one.includes('no gate tests'))).toEqual(said)
  })

  test('members of a workspace whose manager a person names', () => {
    write({
      'package.json': json({ workspaces: ['web'], scripts: { lint: 'eslint .' } }),
      'web/package.json': web['web/package.json'] as string,
    })
    expect(lines({ packageManager: 'npm' })).toContain('test: npm run test --workspaces --if-present')
    expect(found({ packageManager: 'npm' }).notes).toEqual([])
  })

  test('where the root has nothing, the first of them is the example', () => {
    write({ ...api, ...web })
    expect(detect()).toMatchObject({
      error: {
        message: expect.stringContaining(webLine),
        fix: expect.stringContaining(
          '{"commands": {"api-test": {"argv": ["python3", "-m", "pytest"], "cwd": "api"}}}',
        ),
      },
    })
  })

  test('many are named', () => {
    write({
      ...makeTest,
      ...Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`s${at}/mix.exs`, ''])),
    })
    expect(notes()).toMatch(/no gate tests these projects either: s6\/mix\.exs, s7\/mix\.exs, s8\/mix\.exs$/)
  })
})

describe('the same suite is run once', () => {
  test('a Composer script under another name that runs the tool', () => {
    write({
      'composer.json': json({
        'require-dev': { 'phpunit/phpunit': '*', 'phpstan/phpstan': '*' },
        scripts: { tests: 'phpunit --colors', ci: ['@tests', 'vendor/bin/phpstan'] },
      }),
      'phpunit.xml': '',
      'phpstan.neon': '',
    })
    expect(lines()).toEqual(['ci: composer run-script ci'])
  })

  test('a target that runs tox, which runs pytest', () => {
    write({
      Makefile: '.PHONY: test\ntest:\n\ttox -e py\n',
      'tox.ini': '[tox]\n[testenv]\ndeps = pytest\n[pytest]\n',
      'requirements.txt': 'pytest\n',
      'test_a.py': '',
    })
    expect(lines()).toEqual(['test: make test'])
    expect(notes()).toMatch(/python3 -m pytest is left out: make test runs it/)
  })
})
