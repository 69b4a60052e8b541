import fs from 'node:fs'
import { afterAll, expect, test } from '@jest/globals'
import type { CommandSteps } from '../../src/contract/steps.ts'
import { takeApart } from '../../src/definition/steps/take-apart.ts'
import { Workspace } from '../../src/definition/workspace.ts'
import { type Files, command, workspace } from './workspace.ts'

const roots: string[] = []
afterAll(() => roots.forEach((root) => fs.rmSync(root, { recursive: true, force: true })))

function apart(argv: readonly string[], files: Files, steps?: boolean): CommandSteps {
  const root = workspace(files)
  roots.push(root)
  const asked = command(argv, { network: 'loopback', ...(steps === undefined ? {} : { steps }) })
  return takeApart(asked, new Workspace(root))
}

/** Labels of the steps, with the directory where it is not the root and `mixed` where a step is; else the kind. */
function said(found: CommandSteps): unknown {
  if (found.kind !== 'steps') return found.kind === 'mixed' ? `mixed: ${found.why}` : found.kind
  return found.steps.map(
    ({ label, cwd, mixed }) =>
      `${cwd === '.' ? '' : `${cwd}: `}${label}${mixed === undefined ? '' : ` (${mixed})`}`,
  )
}

const scripts = (bodies: Readonly<Record<string, string>>, more: Files = {}): Files => ({
  'package.json': JSON.stringify({ name: 'p', scripts: bodies }),
  ...more,
})

test.each<[text: string, expected: unknown]>([
  ['jest', 'one'],
  ['exec jest', 'one'],
  ['jest && eslint .', ['jest', 'eslint .']],
  ['jest &&\n  eslint .', ['jest', 'eslint .']],
  ['jest \\\n --ci && eslint .', ['jest \\\n --ci', 'eslint .']],
  [`jest -t "a && b" && eslint '*.js;'`, ['jest -t "a && b"', "eslint '*.js;'"]],
  ['NODE_ENV=test jest && exec eslint .', ['NODE_ENV=test jest', 'eslint .']],
  ['jest > out.txt 2>&1 && eslint .', ['jest > out.txt 2>&1', 'eslint .']],
  ['cd app && jest && eslint .', ['cd app && jest', 'cd app && eslint .']],
  ['export CI=1 && jest && A=b && eslint .', ['export CI=1 && jest', 'export CI=1 && A=b && eslint .']],
  ['set -e; jest; eslint .', ['set -e && jest', 'set -e && eslint .']],
  ['set -eu\njest\neslint .\n', ['set -eu && jest', 'set -eu && eslint .']],
  ['echo tests && jest && test -d dist && eslint .', ['echo tests && jest', 'test -d dist && eslint .']],
  ['jest && echo done', ['jest', 'echo done']],
  ['jest; eslint .', 'mixed: shell'],
  ['jest || true', 'mixed: shell'],
  ['jest | tee log', 'mixed: shell'],
  ['jest & eslint .', 'mixed: shell'],
  ['(jest && eslint .)', 'mixed: shell'],
  ['jest && eslint $(git ls-files)', 'mixed: shell'],
  ['jest && eslint "`ls`"', 'mixed: shell'],
  ['set -e; jest && eslint .; tsc', 'mixed: shell'],
  ['for d in a b; do jest $d; done', 'mixed: shell'],
  ['! jest && eslint .', 'mixed: shell'],
  ['jest && eval "$X"', 'mixed: shell'],
  ['cd a* && jest && eslint .', 'mixed: shell'],
  ['jest && tox && eslint .', ['jest', 'tox (runner)', 'eslint .']],
  ['jest && ./ci.sh', ['jest', './ci.sh (driver)']],
  ['jest # && eslint', 'mixed: shell'],
])('sh -c %j', (text, expected) => {
  const files = { 'ci.sh': '#!/bin/sh\njest\n', 'app/x': '' }
  expect(said(apart(['sh', '-c', text], files))).toEqual(expected)
})

test('the same shell runs each step with the same options and words', () => {
  expect(apart(['bash', '-euo', 'pipefail', '-c', 'jest "$1"; eslint "$1"', 'sh', 'x'], {})).toMatchObject({
    steps: [
      { argv: ['bash', '-euo', 'pipefail', '-c', 'jest "$1"', 'sh', 'x'] },
      { argv: ['bash', '-euo', 'pipefail', '-c', 'eslint "$1"', 'sh', 'x'] },
    ],
  })
})

test.each<[name: string, argv: readonly string[], files: Files, expected: unknown]>([
  ['a script of one program', ['npm', 'test'], scripts({ test: 'jest' }), 'one'],
  ['no such script', ['npm', 'run', 'x'], scripts({}), 'one'],
  ['a chain', ['npm', 'test'], scripts({ test: 'jest && eslint .' }), ['jest', 'eslint .']],
  [
    'pre and post',
    ['npm', 'test'],
    scripts({ pretest: 'tsc', test: 'jest', posttest: 'eslint . && true' }),
    ['tsc', 'jest', 'eslint .', 'true'],
  ],
  [
    'scripts that run scripts that run scripts',
    ['npm', 'run', 'ci'],
    scripts({
      ci: 'npm run unit && npm run check',
      unit: 'jest',
      check: 'npm run lint && npm run types',
      lint: 'eslint .',
      types: 'tsc',
    }),
    ['npm run unit', 'npm run lint', 'npm run types'],
  ],
  [
    'a chain of runs in a shell, one of them elsewhere',
    ['sh', '-c', 'npm run unit && cd app && npm run check'],
    scripts({ unit: 'jest' }, { 'app/package.json': '{"scripts":{"check":"tsc && eslint ."}}' }),
    ['npm run unit', 'app: tsc', 'app: eslint .'],
  ],
  [
    'words given on',
    ['npm', 'test', '--', '-t', 'a b'],
    scripts({ test: 'tsc && jest' }),
    ['tsc', "jest -t 'a b'"],
  ],
  ['an option of npm', ['npm', 'test', '--if-present'], scripts({ test: 'tsc && jest' }), 'mixed: script'],
  ['silent', ['npm', 'test', '--silent'], scripts({ test: 'tsc && jest' }), ['tsc', 'jest']],
  ['members', ['npm', 'test', '-w', 'a'], scripts({ test: 'tsc && jest' }), 'mixed: members'],
  ['all members', ['pnpm', '-r', 'test'], scripts({ test: 'jest' }), 'mixed: members'],
  ['logic in a script', ['npm', 'test'], scripts({ test: 'jest || true' }), 'mixed: shell'],
  [
    'another shell by settings',
    ['npm', 'test'],
    scripts({ test: 'tsc && jest' }, { '.npmrc': 'script-shell=bash' }),
    'mixed: script',
  ],
  [
    'a program called npm in the package',
    ['npm', 'test'],
    scripts(
      { test: 'npm run a && npm run b', a: 'jest', b: 'tsc && eslint .' },
      { 'node_modules/.bin/npm': 'x' },
    ),
    ['npm run a', 'npm run b (shell)'],
  ],
  [
    'a ring of scripts',
    ['npm', 'test'],
    scripts({ test: 'npm run a && npm run a', a: 'npm test && npm test' }),
    'mixed: shell',
  ],
  [
    'pnpm, runs alone',
    ['pnpm', 'test'],
    scripts({ test: 'pnpm run a && pnpm b', a: 'jest', b: 'tsc' }),
    ['pnpm run a', 'pnpm b'],
  ],
  ['pnpm, programs', ['pnpm', 'test'], scripts({ test: 'tsc && jest' }), 'mixed: script'],
  ['yarn with pre', ['yarn', 'test'], scripts({ pretest: 'tsc', test: 'jest' }), 'mixed: script'],
  ['npx', ['npx', 'jest'], scripts({}), 'one'],
  ['npx of a runner', ['npx', 'turbo', 'run', 'test'], scripts({}), 'mixed: runner'],
  ['node --run', ['node', '--run', 'test'], scripts({ test: 'jest' }), 'one'],
  ['node --run of a chain', ['node', '--run', 'test'], scripts({ test: 'tsc && jest' }), 'mixed: script'],
  [
    'a wrapper before a chain',
    ['timeout', '60', 'npm', 'test'],
    scripts({ test: 'tsc && jest' }),
    'mixed: wrapper',
  ],
  ['a wrapper before a program', ['env', 'A=b', 'npm', 'test'], scripts({ test: 'jest' }), 'one'],
  ['cargo test', ['cargo', 'test'], {}, 'one'],
  ['tox', ['tox'], {}, 'mixed: runner'],
  ['a driver in a shell', ['./ci'], { ci: '#!/usr/bin/env bash\nx' }, 'mixed: driver'],
  ['a script for a shell', ['bash', 'ci.sh'], { 'ci.sh': 'x' }, 'mixed: driver'],
  [
    'a driver in Node',
    ['node', 'ci.mjs'],
    { 'ci.mjs': "import { spawnSync } from 'node:child_process'" },
    'mixed: driver',
  ],
  ['a test in Node', ['node', 'test.mjs'], { 'test.mjs': "import test from 'node:test'" }, 'one'],
  ['a driver in Python', ['python3', 'ci.py'], { 'ci.py': 'import subprocess' }, 'mixed: driver'],
])('%s', (_name, argv, files, expected) => {
  expect(said(apart(argv, files))).toEqual(expected)
})

const phony = '.PHONY: all check lint test\n'
test.each<[name: string, argv: readonly string[], makefile: string, expected: unknown]>([
  ['one line', ['make', 'test'], `${phony}test:\n\tgo test ./...\n`, 'one'],
  [
    'plain lines',
    ['make', 'check'],
    `${phony}check:\n\t@go vet ./...\n\tgo test ./...\n`,
    ['go vet ./...', 'go test ./...'],
  ],
  [
    'what a target rests on, once each',
    ['make'],
    `${phony}all: lint test\nlint:\n\truff check .\ntest: lint\n\tpytest && mypy src\n`,
    ['ruff check .', 'pytest', 'mypy src'],
  ],
  [
    'a variable',
    ['make', 'check'],
    `PY := python3\n${phony}check:\n\t$(PY) -m a\n\tcd x && $(PY) -m b\n`,
    ['${PY} -m a', 'cd x && ${PY} -m b'],
  ],
  ['a variable with a chain', ['make', 'check'], `T = a && b\n${phony}check:\n\t$(T)\n\tc\n`, 'mixed: make'],
  ['a file of the name counts', ['make', 'check'], 'check:\n\ta\n\tb\n', 'mixed: make'],
  ['a condition', ['make', 'check'], `${phony}ifdef CI\nX=1\nendif\ncheck:\n\ta\n\tb\n`, 'mixed: make'],
  ['a failure that does not count', ['make', 'check'], `${phony}check:\n\t-a\n\tb\n`, 'mixed: make'],
  ['a make below', ['make', 'check'], `${phony}check:\n\t$(MAKE) lint\n\tb\nlint:\n\ta\n`, 'mixed: make'],
  ['a function', ['make', 'check'], `${phony}check:\n\ta $(wildcard *.c)\n\tb\n`, 'mixed: make'],
  ["the target's name", ['make', 'check'], `${phony}check:\n\ta $@\n\tb\n`, 'mixed: make'],
  ['a variable of the target', ['make', 'check'], `${phony}check: X = 1\ncheck:\n\ta\n\tb\n`, 'mixed: make'],
  ['several at once', ['make', '-j4', 'check'], `${phony}check:\n\ta\n\tb\n`, 'mixed: make'],
  ['one shell for all', ['make', 'check'], `.ONESHELL:\n${phony}check:\n\ta\n\tb\n`, 'mixed: make'],
])('make: %s', (_name, argv, makefile, expected) => {
  expect(said(apart(argv, { Makefile: makefile }))).toEqual(expected)
})

test('a command that is kept whole is mixed only where it has steps', () => {
  expect(said(apart(['sh', '-c', 'a && b'], {}, false))).toBe('mixed: kept')
  expect(said(apart(['jest'], {}, false))).toBe('one')
})
