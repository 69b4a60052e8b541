import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parseProjectConfig } from '../../src/contract/config.ts'
import { collectPins } from '../../src/definition/index.ts'
import { detectors } from '../../src/detect/detectors.ts'
import { projectConfigText } from '../../src/setup/install/project-config.ts'
import { type Files, repository } from './rig.ts'

const { root: rootNow, write, found, lines, detect: detectHere } = repository()

const json = JSON.stringify
const makefile =
  '.PHONY: lint test\nlint:\n\truff check .\ntest: build\n\t./run-tests\nbuild:\n\tcc -o x x.c\n'
const pyTest = { 'tests/test_a.py': 'def test_a(): pass\n' }

interface Row {
  readonly name: string
  readonly ecosystem: string
  readonly files: Files
  readonly commands: readonly string[]
  /** Files that a change of stops a run: the pin collectors understand these commands. */
  readonly pins?: readonly string[]
  readonly notes?: RegExp
}

const rows: readonly Row[] = [
  {
    name: 'npm workspaces without root scripts',
    ecosystem: 'node',
    files: {
      'package.json': json({ workspaces: ['packages/*'] }),
      'package-lock.json': '{}',
      'packages/a/package.json': json({ scripts: { test: 'node --test', lint: 'eslint .' } }),
      'packages/b/package.json': json({ scripts: { test: 'node --test' } }),
    },
    commands: [
      'lint: npm run lint --workspaces --if-present (fast)',
      'test: npm run test --workspaces --if-present',
    ],
    pins: ['packages/a/package.json', 'packages/b/package.json'],
  },
  {
    name: 'npm workspaces in directories with parentheses, and one that leads out',
    ecosystem: 'node',
    files: {
      'package.json': json({ workspaces: ['(apps)/*', '\\.\\./*'] }),
      'package-lock.json': '{}',
      '(apps)/b/package.json': json({ scripts: { test: 'node --test' } }),
    },
    commands: ['test: npm run test --workspaces --if-present'],
    pins: ['(apps)/b/package.json'],
  },
  {
    name: 'pnpm workspaces',
    ecosystem: 'node',
    files: {
      'package.json': '{}',
      'pnpm-lock.yaml': '',
      'pnpm-workspace.yaml': "packages:\n  - 'apps/*'\n  # more\n  - libs/**\n",
      'apps/a/package.json': json({ scripts: { test: 'vitest run' } }),
      'libs/deep/b/package.json': json({ scripts: { typecheck: 'tsc' } }),
    },
    commands: ['typecheck: pnpm --recursive run typecheck (fast)', 'test: pnpm --recursive run test'],
    pins: ['apps/a/package.json', 'libs/deep/b/package.json'],
  },
  {
    name: 'yarn 4 workspaces',
    ecosystem: 'node',
    files: {
      'package.json': json({ packageManager: 'yarn@4.5.0', workspaces: ['p/*'] }),
      'p/a/package.json': json({ scripts: { check: 'x' } }),
    },
    commands: ['check: yarn workspaces foreach --all run check'],
    pins: ['p/a/package.json'],
    notes: /^There is no test among the gates/,
  },
  {
    name: 'yarn 1 workspaces, of which one has no lint',
    ecosystem: 'node',
    files: {
      'package.json': json({ workspaces: { packages: ['p/*'] } }),
      'yarn.lock': '',
      'p/a/package.json': json({ scripts: { test: 'x', lint: 'y' } }),
      'p/b/package.json': json({ scripts: { test: 'x' } }),
    },
    commands: ['test: yarn workspaces run test'],
    notes: /lint is left out: yarn 1/,
  },
  {
    name: 'workspaces: check of one member says nothing of the tests of another, nor of its own',
    ecosystem: 'node',
    files: {
      'package.json': json({ workspaces: ['p/*'] }),
      'package-lock.json': '{}',
      'p/a/package.json': json({ scripts: { check: 'svelte-check', test: 'vitest run' } }),
      'p/b/package.json': json({ scripts: { test: 'jest', lint: 'eslint --fix .' } }),
    },
    commands: [
      'lint: npm run lint --workspaces --if-present (fast)',
      'check: npm run check --workspaces --if-present',
      'test: npm run test --workspaces --if-present',
    ],
    notes: /script lint of p\/b\/package\.json rewrites files \(eslint --fix \.\)/,
  },
  {
    name: 'workspaces: a script that never ends in one of them is run in the others',
    ecosystem: 'node',
    files: {
      'package.json': json({ workspaces: ['p/*'] }),
      'package-lock.json': '{}',
      'p/a/package.json': json({ scripts: { lint: 'eslint .', test: 'jest' } }),
      'p/b/package.json': json({ scripts: { test: 'jest --watch' } }),
    },
    commands: ['lint: npm run lint --workspaces --if-present (fast)', 'test: npm run test --workspace=p/a'],
    notes: /script test of p\/b\/package\.json is left out: it watches/,
  },
  {
    name: 'bun workspaces',
    ecosystem: 'node',
    files: {
      'package.json': json({ workspaces: ['p/a'] }),
      'bun.lock': '',
      'p/a/package.json': json({ scripts: { test: 'bun test' } }),
    },
    commands: ['test: bun run --filter * test'],
    pins: ['p/a/package.json'],
  },
  {
    name: 'workspaces by several patterns, some taken out again, none in node_modules or behind a dot',
    ecosystem: 'node',
    files: {
      'package.json': json({ workspaces: ['./apps/*/', 'libs/**', '{one,two}', '!libs/old', '!libs/x/**'] }),
      'package-lock.json': '{}',
      'apps/a/package.json': json({ scripts: { test: 'x' } }),
      'apps/a/deeper/package.json': json({ scripts: { typecheck: 'x' } }),
      'apps/.hidden/package.json': json({ scripts: { typecheck: 'x' } }),
      'libs/l/m/package.json': json({ scripts: { lint: 'x' } }),
      'libs/l/node_modules/n/package.json': json({ scripts: { typecheck: 'x' } }),
      'libs/old/package.json': json({ scripts: { typecheck: 'x' } }),
      'libs/x/y/package.json': json({ scripts: { typecheck: 'x' } }),
      'two/package.json': json({ scripts: { test: 'x' } }),
      'three/package.json': json({ scripts: { typecheck: 'x' } }),
    },
    commands: [
      'lint: npm run lint --workspaces --if-present (fast)',
      'test: npm run test --workspaces --if-present',
    ],
  },
  {
    name: 'deno tasks and its linter',
    ecosystem: 'deno',
    files: {
      'deno.jsonc':
        '{\n  // tasks\n  "tasks": { "test": "deno test -A", "dev": "x", "check": { "command": "deno check ." }, },\n  "lint": {}\n}',
    },
    commands: ['lint: deno lint (fast)', 'check: deno task check', 'test: deno task test'],
    pins: ['deno.jsonc'],
  },
  {
    name: 'deno: a task that watches',
    ecosystem: 'deno',
    files: { 'deno.json': '{"tasks":{"test":"deno test --watch","lint":"deno lint"}}' },
    commands: ['lint: deno task lint (fast)'],
    notes: /task test of deno\.json is left out: it watches/,
  },
  {
    name: 'make: a combined target, and what it does not run',
    ecosystem: 'make',
    files: {
      Makefile: '.PHONY: check test lint\ncheck: lint\nlint: ; ./lint.sh\ntest:\n\t./test.sh\nX := check:\n',
    },
    commands: ['check: make check', 'test: make test'],
    pins: ['Makefile', 'GNUmakefile', 'lint.sh'],
  },
  {
    name: 'make: check runs them all',
    ecosystem: 'make',
    files: {
      Makefile:
        '.PHONY: check test lint\ncheck:\n\t$(MAKE) lint\n\tpytest -q\nlint:\n\tx\ntest:\n\tpytest -q\n',
    },
    commands: ['check: make check'],
  },
  {
    name: 'make: a target that is not phony pins the absence of a file, and is nothing beside one',
    ecosystem: 'make',
    files: { Makefile: 'test:\n\t./t\nlint:\n\t./l\n', 'lint/': '' },
    commands: ['test: make test'],
    pins: ['test'],
    notes: /target lint of Makefile is left out: .*not \.PHONY/,
  },
  {
    name: 'make: a target that watches is none, one that writes is said',
    ecosystem: 'make',
    files: {
      Makefile: '.PHONY: test lint\ntest: run\nrun:\n\tcargo watch -x test\nlint:\n\truff check --fix\n',
    },
    commands: ['lint: make lint (fast)'],
    notes: /target lint of Makefile rewrites files .*\n.*target test of Makefile is left out: it watches/,
  },
  {
    name: 'make: GNUmakefile wins',
    ecosystem: 'make',
    files: { Makefile: 'test:\n\tfalse\n', GNUmakefile: '.PHONY: lint\nlint:\n\tx\n' },
    commands: ['lint: make lint (fast)'],
    pins: ['GNUmakefile'],
    notes: /^There is no test among the gates/,
  },
  {
    name: 'just',
    ecosystem: 'just',
    files: {
      justfile:
        'set shell := ["sh", "-c"]\n@lint:\n    ruff check\ntest *args: lint\n    pytest {{args}}\ncheck file:\n    x {{file}}\n',
    },
    commands: ['lint: just lint (fast)', 'test: just test'],
    pins: ['justfile'],
    notes: /recipe check .*wants arguments/,
  },
  {
    name: 'task, with sources that could say "up to date"',
    ecosystem: 'task',
    files: {
      'Taskfile.yml':
        'version: "3"\ntasks:\n  default: echo hi\n  lint:\n    cmds:\n      - golangci-lint run\n  test:\n    deps: [lint]\n    sources:\n      - "**/*.go"\n    cmds:\n      - go test ./...\n',
    },
    commands: ['lint: task lint (fast)', 'test: task --force test'],
    pins: ['Taskfile.yml'],
  },
  {
    name: 'python plain with pytest, ruff and mypy in pyproject.toml',
    ecosystem: 'python',
    files: {
      'pyproject.toml':
        '[project]\nname="x"\ndependencies = ["mypy", "ruff>=0.5", "pytest"]\n[tool.pytest.ini_options]\n[tool.ruff.lint]\n[tool.mypy]\nfiles = ["src"]\n',
      ...pyTest,
    },
    commands: [
      'typecheck: python3 -m mypy (fast)',
      'lint: python3 -m ruff check . (fast)',
      'test: python3 -m pytest',
    ],
    pins: ['pyproject.toml', 'ruff.toml', 'pytest.ini', 'conftest.py'].slice(0, 3),
  },
  ...(
    [
      ['uv', 'uv.lock', 'uv run'],
      ['poetry', 'poetry.lock', 'poetry run'],
      ['pdm', 'pdm.lock', 'pdm run'],
      ['pipenv', 'Pipfile.lock', 'pipenv run'],
    ] as const
  ).map(([name, lock, run]): Row => ({
    name,
    ecosystem: 'python',
    files: {
      [lock]: '',
      'pyproject.toml': '[dependency-groups]\ndev = ["pytest>=8", "pyright"]\n',
      'pyrightconfig.json': '{}',
      ...pyTest,
    },
    commands: [`typecheck: ${run} pyright (fast)`, `test: ${run} pytest`],
    pins: ['pyrightconfig.json', 'pytest.ini'],
  })),
  {
    name: 'poetry by its table, mypy and pyright side by side',
    ecosystem: 'python',
    files: {
      'pyproject.toml':
        '[tool.poetry.group.dev.dependencies]\nmypy = "*"\npyright = "^1"\n[tool.pyright]\n[tool.mypy]\n',
    },
    commands: ['typecheck: poetry run mypy . (fast)', 'pyright: poetry run pyright (fast)'],
    notes: /^There is no test among the gates/,
  },
  {
    name: 'a virtual environment in the workspace',
    ecosystem: 'python',
    files: { '.venv/pyvenv.cfg': '', '.venv/bin/python*': '', 'requirements.txt': 'pytest\n', ...pyTest },
    commands: ['test: .venv/bin/python -m pytest'],
    pins: ['.venv/bin/python', 'pytest.ini'],
  },
  {
    name: 'two Python lock files are not certain',
    ecosystem: 'python',
    files: { 'uv.lock': '', 'poetry.lock': '', 'pyproject.toml': '[tool.ruff]\n', Makefile: makefile },
    commands: ['lint: make lint (fast)', 'test: make test'],
    notes: /uv\.lock and poetry\.lock/,
  },
  {
    name: 'pytest without a test',
    ecosystem: 'python',
    files: { 'pytest.ini': '[pytest]\n', 'ruff.toml': '' },
    commands: ['lint: python3 -m ruff check . (fast)'],
    notes: /ruff has to be installed here.*\n.*pytest is left out: there is no test/,
  },
  {
    name: 'tox',
    ecosystem: 'python',
    files: { 'tox.ini': '[testenv:py]\ncommands = x\n' },
    commands: ['test: tox'],
    pins: ['tox.ini'],
  },
  {
    name: 'tox beside pytest that can be called directly',
    ecosystem: 'python',
    files: { 'tox.ini': '[tox]\n[pytest]\n', ...pyTest },
    commands: ['test: python3 -m pytest'],
    notes: /tox\.ini is not used/,
  },
  {
    name: 'nox',
    ecosystem: 'python',
    files: { 'noxfile.py': 'import nox\n' },
    commands: ['test: nox'],
    pins: ['noxfile.py'],
  },
  {
    name: 'unittest',
    ecosystem: 'python',
    files: { 'setup.py': '', 'tests/test_a.py': 'import unittest\n' },
    commands: ['test: python3 -m unittest discover -s tests'],
    pins: ['unittest.py'],
  },
  {
    name: 'a Cargo package',
    ecosystem: 'rust',
    files: { 'Cargo.toml': '[package]\nname = "x"\n' },
    commands: ['typecheck: cargo check --all-targets (fast)', 'test: cargo test'],
    pins: ['Cargo.toml', '.cargo/config.toml'],
  },
  {
    name: 'a Cargo workspace with clippy and rustfmt',
    ecosystem: 'rust',
    files: {
      'Cargo.toml': '[workspace]\nmembers = ["a"]\n[workspace.lints.clippy]\nall = "deny"\n',
      'rustfmt.toml': '',
    },
    commands: [
      'typecheck: cargo check --workspace --all-targets (fast)',
      'lint: cargo clippy --workspace --all-targets -- -D warnings (fast)',
      'format: cargo fmt --all --check (fast)',
      'test: cargo test --workspace',
    ],
    pins: ['rustfmt.toml', 'clippy.toml'],
  },
  {
    name: 'a Go module with golangci-lint',
    ecosystem: 'go',
    files: { 'go.mod': 'module example.com/x\n', '.golangci.yml': '' },
    commands: [
      'vet: go vet ./... (fast)',
      'lint: golangci-lint run ./... (fast)',
      'test: go test -count=1 ./...',
    ],
    pins: ['go.work', '.golangci.yml'],
    notes: /golangci-lint has to be installed here/,
  },
  {
    name: 'a Go workspace',
    ecosystem: 'go',
    files: { 'go.work': 'go 1.22\nuse (\n\t./a // first\n\t./b/c\n)\nuse ../outside\n' },
    commands: ['vet: go vet ./a/... ./b/c/... (fast)', 'test: go test -count=1 ./a/... ./b/c/...'],
    pins: ['go.work'],
  },
  {
    name: 'Maven',
    ecosystem: 'maven',
    files: { 'pom.xml': '<project><build></build></project>' },
    commands: ['test: mvn --batch-mode --no-transfer-progress test'],
    pins: ['pom.xml', '.mvn'],
  },
  {
    name: 'the Maven wrapper, with integration tests',
    ecosystem: 'maven',
    files: { 'pom.xml': '<project>maven-failsafe-plugin</project>', 'mvnw*': '#!/bin/sh\n' },
    commands: ['verify: ./mvnw --batch-mode --no-transfer-progress verify'],
    pins: ['mvnw'],
  },
  {
    name: 'the Gradle wrapper with Kotlin',
    ecosystem: 'gradle',
    files: { 'build.gradle.kts': 'plugins { kotlin("jvm") }', 'gradlew*': '#!/bin/sh\n' },
    commands: ['check: ./gradlew --no-daemon check'],
    pins: ['gradlew', 'build.gradle.kts', 'gradle/wrapper'],
    notes: /loopback/,
  },
  {
    name: 'Gradle without its wrapper',
    ecosystem: 'gradle',
    files: { 'settings.gradle': '' },
    commands: ['check: gradle --no-daemon check'],
    notes: /measure it/,
    pins: ['settings.gradle'],
  },
  {
    name: '.NET with one solution',
    ecosystem: 'dotnet',
    files: { 'App.sln': '', 'App.csproj': '' },
    commands: ['test: dotnet test App.sln --nologo'],
    pins: ['Directory.Build.props', 'global.json'],
  },
  {
    name: 'RSpec and RuboCop through Bundler',
    ecosystem: 'ruby',
    files: {
      Gemfile: 'gem "rubocop-rails", require: false\n',
      '.rspec': '',
      '.rubocop.yml': '',
      'spec/a_spec.rb': '',
    },
    commands: ['lint: bundle exec rubocop --cache false (fast)', 'test: bundle exec rspec'],
    pins: ['.rspec', '.rubocop.yml', '.bundle/config'],
  },
  {
    name: 'Rake in the bundle',
    ecosystem: 'ruby',
    files: { Gemfile: '', 'Gemfile.lock': 'DEPENDENCIES\n  rake (~> 13)\n', Rakefile: 'task :test\n' },
    commands: ['test: bundle exec rake test'],
  },
  {
    name: 'Rake beside a bundle that has none, where Bundler refuses it',
    ecosystem: 'ruby',
    files: { Gemfile: '', 'Gemfile.lock': 'DEPENDENCIES\n  rake-compiler\n', Rakefile: 'task :test\n' },
    commands: ['test: rake test'],
  },
  {
    name: 'Rake',
    ecosystem: 'ruby',
    files: { Rakefile: 'require "rake/testtask"\nRake::TestTask.new do |t|\nend\n' },
    commands: ['test: rake test'],
    pins: ['Rakefile', 'rakefile'],
  },
  {
    name: 'Rails',
    ecosystem: 'ruby',
    files: { Gemfile: '', 'bin/rails*': '#!/usr/bin/env ruby\n', 'test/': '', Rakefile: '' },
    commands: ['test: bin/rails test'],
    pins: ['bin/rails'],
  },
  {
    name: 'PHP with composer scripts and a tool',
    ecosystem: 'php',
    files: {
      'composer.json': json({
        'require-dev': { 'phpstan/phpstan': '^2', 'phpunit/phpunit': '*' },
        scripts: { test: ['@lint', 'phpunit'], lint: 'phpcs', x: [] },
      }),
      'phpunit.xml': '',
      'phpstan.neon': '',
    },
    commands: [
      'lint: composer run-script lint (fast)',
      'analyse: vendor/bin/phpstan analyse --no-progress (fast)',
      'test: composer run-script test',
    ],
    pins: ['composer.json', 'phpunit.xml', 'phpstan.neon'],
  },
  {
    name: 'PHPUnit without Composer',
    ecosystem: 'php',
    files: { 'phpunit.xml.dist': '' },
    commands: ['test: phpunit'],
    notes: /phpunit has to be installed here/,
    pins: ['phpunit.xml', 'phpunit.xml.dist'],
  },
  {
    name: 'CMake with ctest',
    ecosystem: 'cmake',
    files: { 'CMakeLists.txt': 'project(x C)\nenable_testing()\n' },
    commands: [
      'configure: cmake -S . -B build',
      'build: cmake --build build --parallel 2',
      'test: ctest --test-dir build --output-on-failure --no-tests=error',
    ],
    pins: ['CMakePresets.json'],
  },
  {
    name: 'CMake without tests',
    ecosystem: 'cmake',
    files: { 'CMakeLists.txt': 'project(x C)\n# enable_testing()\n' },
    commands: ['configure: cmake -S . -B build', 'build: cmake --build build --parallel 2'],
    notes: /does not enable testing/,
  },
  {
    name: 'pre-commit',
    ecosystem: 'pre-commit',
    files: { '.pre-commit-config.yaml': 'repos:\n- repo: local\n  hooks:\n  - id: ruff\n' },
    commands: ['pre-commit: pre-commit run --all-files (fast)'],
    pins: ['.pre-commit-config.yaml'],
    notes: /pre-commit install-hooks/,
  },
]

test.each(rows)('$name', ({ files, commands, pins = [], notes }) => {
  write(files)
  expect(lines()).toEqual(commands)
  const { commands: all, notes: said } = found()
  if (notes === undefined) expect(said).toEqual([])
  else expect(said.join('\n')).toMatch(notes)
  for (const command of all) {
    expect([command.file, fs.existsSync(path.join(rootNow(), command.file))]).toEqual([command.file, true])
    expect(command.evidence).not.toBe('')
    expect(command.reason).not.toBe('')
  }
  const config = parseProjectConfig(projectConfigText(all, 1), 'x')
  if (!config.ok) throw new Error(json(config.error))
  const pinned = collectPins(rootNow(), Object.values(config.value.commands), '/usr/bin')
  if (!pinned.ok) throw new Error(json(pinned.error))
  expect(pinned.value.map((pin) => pin.file)).toEqual(expect.arrayContaining([...pins]))
})

test('every detector has a row that finds something', () => {
  expect(
    detectors.map((one) => one.name).filter((name) => !rows.some((row) => row.ecosystem === name)),
  ).toEqual([])
})

describe('several ecosystems', () => {
  test('names do not collide: the first keeps it, the others are told apart', () => {
    write({
      'package.json': json({ scripts: { lint: 'eslint .', test: 'jest' } }),
      'package-lock.json': '{}',
      'pyproject.toml': '[tool.ruff]\n[tool.pytest.ini_options]\n',
      'Cargo.toml': '[package]\n',
      'go.mod': 'module x\n',
      ...pyTest,
    })
    expect(lines()).toEqual([
      'lint: npm run lint (fast)',
      'py-lint: python3 -m ruff check . (fast)',
      'typecheck: cargo check --all-targets (fast)',
      'vet: go vet ./... (fast)',
      'test: npm run test',
      'py-test: python3 -m pytest',
      'rust-test: cargo test',
      'go-test: go test -count=1 ./...',
    ])
    expect(found().ecosystems).toEqual(['node', 'python', 'rust', 'go'])
  })

  test('what a target runs already is not run twice', () => {
    write({
      'package.json': json({ scripts: { test: 'jest', lint: 'eslint .' } }),
      'package-lock.json': '{}',
      Makefile:
        '.PHONY: test\ntest: unit\n\tnpm test\nunit:\n\tcd core && timeout 60 cargo test --workspace\n\techo go test\n',
      'Cargo.toml': '[workspace]\n',
      'go.mod': 'module x\n',
    })
    expect(lines()).toEqual([
      'lint: npm run lint (fast)',
      'typecheck: cargo check --workspace --all-targets (fast)',
      'vet: go vet ./... (fast)',
      'test: make test',
      'go-test: go test -count=1 ./...',
    ])
    expect(found().notes).toEqual([
      'npm run test is left out: make test runs it',
      'cargo test --workspace is left out: make test runs it',
    ])
  })

  test('two that call each other: one stays', () => {
    write({
      'package.json': json({ scripts: { test: 'make test' } }),
      'package-lock.json': '{}',
      Makefile: '.PHONY: test\ntest:\n\tnpm test\n',
    })
    expect(lines()).toEqual(['test: make test'])
  })

  test.each<{ files: Files; code: string | null }>([
    { files: { 'package.json': '{}' }, code: null },
    { files: { 'package.json': json({ scripts: { test: 'x' } }) }, code: 'missing_package_manager' },
    {
      files: { 'package.json': json({ scripts: { test: 'x' } }), 'deno.json': '{"lint":{}}' },
      code: null,
    },
    {
      files: { 'package.json': json({ scripts: { test: 'x' } }), 'yarn.lock': '', 'bun.lock': '' },
      code: 'ambiguous_package_manager',
    },
    { files: { 'package.json': '{' }, code: 'invalid_package_json' },
  ])('$files beside a makefile: $code', ({ files, code }) => {
    write({ Makefile: makefile, ...files })
    const result = detectHere()
    expect(result.ok ? null : result.error.code).toBe(code)
    if (result.ok) expect(result.value.commands.map((one) => one.name)).toContain('test')
  })
})

describe('--prefer-scripts', () => {
  const files = {
    'package.json': json({ scripts: { lint: 'eslint .', unit: 'jest' } }),
    'package-lock.json': '{}',
    Makefile: '.PHONY: e2e lint\ne2e:\n\tnpm run unit\nlint:\n\tx\n',
    justfile: 'docs:\n  mdbook test\n',
  }

  test('names scripts, targets and recipes, in the order given', () => {
    write(files)
    expect(lines({ preferScripts: ['docs', 'e2e', 'unit', 'lint'] })).toEqual([
      'docs: just docs',
      'e2e: make e2e',
      'unit: npm run unit',
      'lint: npm run lint (fast)',
    ])
  })

  test('without package.json', () => {
    write({ Makefile: files.Makefile })
    expect(lines({ preferScripts: ['e2e'] })).toEqual(['e2e: make e2e'])
  })

  test.each<[readonly string[], Files, string]>([
    [['nope'], files, 'missing_preferred_script'],
    [['-x'], files, 'invalid_preferred_script'],
    [['e2e'], {}, 'missing_verification_commands'],
  ])('%j', (preferScripts, given, code) => {
    write(given)
    expect(detectHere({ preferScripts })).toMatchObject({ ok: false, error: { code } })
  })
})

describe('nothing is certain', () => {
  test.each<Files>([
    { 'README.md': '' },
    { Makefile: 'all:\n\tcc x.c\n' },
    { 'Cargo.toml': '' },
    { 'go.work': 'go 1.22\n' },
    { 'a.csproj': '', 'b.csproj': '' },
    { 'pom.xml': '', mvnw: '' },
    { 'composer.json': '{}' },
    { Gemfile: '' },
    { '.pre-commit-config.yaml': 'repos: []\n' },
    { 'deno.json': '[]' },
    { 'pyproject.toml': '[project]\n' },
  ])('%j: a config to copy', (files) => {
    write(files)
    const result = detectHere()
    expect(result).toMatchObject({ ok: false, error: { code: 'missing_verification_commands' } })
    if (result.ok) return
    expect(result.error.fix).toContain('{"commands"')
    const copy = result.error.data?.['config_to_copy']
    expect(parseProjectConfig(json(copy), 'copied')).toMatchObject({ ok: true })
  })
})
