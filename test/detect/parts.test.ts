import { describe, expect, test } from '@jest/globals'
import { gates } from '../../src/cli/render/install.ts'
import { parseProjectConfig } from '../../src/contract/config.ts'
import { collectPins } from '../../src/definition/index.ts'
import { projectConfigText } from '../../src/setup/install/project-config.ts'
import { type Files, repository } from './rig.ts'

const { root, write, lines, notes, found } = repository()
const json = JSON.stringify
const noTest = /^There is no test among the gates/
const code = 'package x\n'
const rootGo = ['vet: go vet ./... (fast)', 'test: go test -count=1 ./...']
const script = (scripts: Files) => json({ name: 'x', scripts })

describe('Go modules below the root', () => {
  test.each<{ name: string; files: Files; expected: readonly string[] }>([
    {
      name: 'a gate for each, without testdata, tools and what holds no code',
      files: {
        'go.mod': 'module x\n',
        'a/go.mod': 'module x/a\n',
        'a/deep/a.go': code,
        'b/c/go.mod': 'module x/b/c\n',
        'b/c/c.go': code,
        'testdata/m/go.mod': 'module m\n',
        'testdata/m/m.go': code,
        'tools/go.mod': 'module tools\n',
        'tools/tools.go': code,
        'empty/go.mod': 'module empty\n',
      },
      expected: [...rootGo, 'test-a: go test -count=1 ./... in a', 'test-b-c: go test -count=1 ./... in b/c'],
    },
    {
      name: 'without a module in the root',
      files: { 'a/go.mod': 'module a\n', 'a/a.go': code },
      expected: ['test-a: go test -count=1 ./... in a'],
    },
    {
      name: 'those that go.work does not use, the root included',
      files: {
        'go.work': 'use ./a\n',
        'go.mod': 'module x\n',
        'x.go': code,
        'a/go.mod': 'module a\n',
        'a/a.go': code,
        'b/go.mod': 'module b\n',
        'b/b.go': code,
      },
      expected: [
        'vet: go vet ./a/... (fast)',
        'test: go test -count=1 ./a/...',
        'test-root: go test -count=1 ./...',
        'test-b: go test -count=1 ./... in b',
      ],
    },
  ])('$name', ({ files, expected }) => {
    write(files)
    expect(lines()).toEqual(expected)
    expect(notes()).toBe('')
    const outside = found().commands.filter((one) => one.name.startsWith('test-'))
    for (const one of outside) expect(one.env).toEqual('go.work' in files ? { GOWORK: 'off' } : {})
  })

  test('a person is shown where they run', () => {
    write({ 'a/go.mod': 'module a\n', 'a/a.go': code })
    expect(json(gates(found().commands, null, {}))).toContain('in a, at most 1800 s')
  })

  test('their go.mod is pinned', () => {
    write({ 'a/go.mod': 'module a\nreplace b => ../b\n', 'a/a.go': code })
    const config = parseProjectConfig(projectConfigText(found().commands, 2), 'x')
    if (!config.ok) throw new Error(json(config.error))
    const pins = collectPins(root(), Object.values(config.value.commands), '/usr/bin')
    expect(pins.ok && pins.value.map((pin) => pin.file)).toContain('a/go.mod')
  })

  const nested = { 'go.mod': 'module x\n', 'a/go.mod': 'module a\n', 'a/a.go': code }
  test.each([
    ['cd a && go test ./...', true],
    ['for d in $(DIRS); do (cd $$d && go test ./...); done', true],
    ['go test -C a ./... && go test ./...', true],
    ['find . -name go.mod -execdir go test ./... \\;', true],
    ['cd b && go test ./...', false],
    ['cd $(CURDIR) && go test ./...', false],
    ['go test ./...', false],
  ])('make test with %s runs them: %s', (recipe, isRun) => {
    write({ ...nested, Makefile: `.PHONY: test\ntest:\n\t${recipe}\n` })
    expect(lines()).toEqual([
      'vet: go vet ./... (fast)',
      'test: make test',
      ...(isRun ? [] : ['test-a: go test -count=1 ./... in a']),
    ])
    expect(notes()).toMatch(isRun ? /go test -count=1 \.\/\.\.\. in a is left out|in \., a is left out/ : /./)
  })

  test('many are named in one note, with a line to copy', () => {
    const many = Array.from({ length: 9 }, (_, at) => `m${at}`)
    write({
      'go.mod': 'module x\n',
      ...Object.fromEntries(
        many.flatMap((dir) => [
          [`${dir}/go.mod`, ''],
          [`${dir}/x.go`, code],
        ]),
      ),
    })
    expect(lines()).toEqual(rootGo)
    expect(notes()).toContain(`9 directories below the root are not tested`)
    expect(notes()).toContain('m0, m1, m2, m3, m4, m5, m6, m7, m8')
    expect(notes()).toContain('"test-m0": {"argv":["go","test","-count=1","./..."],"cwd":"m0"}')
  })
})

describe('no test among the gates is said', () => {
  test.each<{ name: string; files: Files; said: boolean }>([
    { name: 'a lone make lint', files: { Makefile: '.PHONY: lint\nlint:\n\t./l\n' }, said: true },
    { name: 'make test', files: { Makefile: '.PHONY: test\ntest:\n\t./t\n' }, said: false },
    {
      name: 'make check that runs pytest',
      files: { Makefile: '.PHONY: check\ncheck:\n\tuv run pytest\n' },
      said: false,
    },
    {
      name: 'a type check that is called test:types',
      files: { 'package.json': script({ 'test:types': 'tsc --noEmit' }), 'package-lock.json': '{}' },
      said: true,
    },
    {
      name: 'make check that verifies modules',
      files: { Makefile: '.PHONY: check\ncheck:\n\tgo mod verify\n' },
      said: true,
    },
    {
      name: 'make check that calls Maven',
      files: { Makefile: '.PHONY: check\ncheck:\n\t./mvnw -B verify\n' },
      said: false,
    },
    {
      name: 'pre-commit',
      files: { '.pre-commit-config.yaml': 'repos:\n- hooks:\n  - id: black\n' },
      said: true,
    },
    { name: 'CMake that enables no tests', files: { 'CMakeLists.txt': 'project(x C)\n' }, said: true },
    { name: 'Gradle', files: { 'build.gradle': '' }, said: false },
    { name: 'Cargo', files: { 'Cargo.toml': '[package]\n' }, said: false },
  ])('$name: $said', ({ files, said }) => {
    write(files)
    if (said) expect(notes()).toMatch(noTest)
    else expect(notes()).not.toMatch(noTest)
  })
})

describe('tests of workspaces', () => {
  const placeholder = 'echo "Error: no test specified" && exit 1'
  const members = (manager: Files): Files => ({
    'p/a/package.json': json({ name: '@x/a', scripts: { test: 'node --test' } }),
    'p/b/package.json': json({ name: '@x/b', scripts: { test: placeholder } }),
    'p/c/package.json': json({ name: '@x/c' }),
    ...manager,
  })
  const npmRoot = { 'package.json': json({ workspaces: ['p/*'] }), 'package-lock.json': '{}' }
  test.each<{ name: string; files: Files; gate: string }>([
    { name: 'npm', files: npmRoot, gate: 'npm run test --workspace=p/a' },
    {
      name: 'pnpm, with a list in flow style',
      files: {
        'package.json': '{}',
        'pnpm-lock.yaml': '',
        'pnpm-workspace.yaml': "packages: ['p/*', '!p/c']\n",
      },
      gate: 'pnpm --filter=./p/a run test',
    },
    {
      name: 'yarn 4',
      files: { 'package.json': json({ packageManager: 'yarn@4.5.0', workspaces: ['p/*'] }) },
      gate: 'yarn workspaces foreach --all --include=@x/a run test',
    },
    {
      name: 'bun',
      files: { 'package.json': json({ workspaces: ['p/*'] }), 'bun.lock': '' },
      gate: 'bun run --filter=./p/a test',
    },
  ])('$name: a placeholder in one of them leaves it out, and no other', ({ files, gate }) => {
    write(members(files))
    expect(lines()).toEqual([`test: ${gate}`])
    expect(notes()).toMatch(/^script test of p\/b\/package\.json is left out: it is the placeholder/)
  })

  test('yarn 1 cannot leave one out, and says so', () => {
    write({
      ...members({ 'package.json': json({ workspaces: ['p/a', 'p/b'] }), 'yarn.lock': '' }),
      Makefile: '.PHONY: test\ntest:\n\t./t\n',
    })
    expect(lines()).toEqual(['test: make test'])
    expect(notes()).toMatch(/package\.json/)
  })

  test.each<{ name: string; test: string; said: boolean }>([
    { name: 'a runner in the root', test: 'jest --selectProjects root', said: true },
    { name: 'a call of the members', test: 'npm test --workspaces', said: false },
    { name: 'turbo', test: 'turbo run test', said: false },
    { name: 'a call of one', test: 'npm test -w p/a && jest', said: false },
  ])('beside $name of the root are named: $said', ({ test: text, said }) => {
    write({
      'package.json': json({ workspaces: ['p/*'], scripts: { test: text } }),
      'package-lock.json': '{}',
      'p/a/package.json': script({ test: 'jest', lint: 'eslint .' }),
    })
    expect(lines()).toEqual(['lint: npm run lint --workspaces --if-present (fast)', 'test: npm run test'])
    const note =
      'script test of the root does not call the tests of these workspaces, so they may not be run: p/a. The line to copy: "test-members": ["npm","run","test","--workspaces","--if-present"]'
    expect(found().notes).toEqual(said ? [note] : [])
  })

  test('a kind of check that a script of the root runs is not added for the members', () => {
    write({
      'package.json': json({
        workspaces: ['p/*'],
        scripts: { test: 'npm run types && npm run test -w p/a', types: 'tsc -b' },
      }),
      'package-lock.json': '{}',
      'p/a/package.json': script({ test: 'jest', typecheck: 'tsc' }),
    })
    expect(lines()).toEqual(['test: npm run test'])
  })

  test('where the root only lints, they are the test gate', () => {
    write({
      'package.json': json({ workspaces: ['p/*'], scripts: { lint: 'eslint .' } }),
      'package-lock.json': '{}',
      'p/a/package.json': script({ test: 'jest', lint: 'eslint .' }),
    })
    expect(lines()).toEqual(['lint: npm run lint (fast)', 'test: npm run test --workspaces --if-present'])
    expect(notes()).toBe('')
  })

  test('a list of packages that is not YAML is not a workspace', () => {
    write({
      'package.json': script({ test: 'jest' }),
      'pnpm-lock.yaml': '',
      'pnpm-workspace.yaml': 'packages: [\n',
    })
    expect(lines()).toEqual(['test: pnpm run test'])
  })
})
