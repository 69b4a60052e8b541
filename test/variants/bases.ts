import path from 'node:path'
import { projectRoot } from '../rig/root.ts'

/** A small repository whose gate fails at the start: `src/answer` is wrong. */
export interface Base {
  readonly files: Readonly<Record<string, string>>
  readonly gate: readonly string[]
  /** Beside the gate's argv in the config. */
  readonly command?: Readonly<Record<string, unknown>>
  readonly config?: Readonly<Record<string, unknown>>
  /** The run's root, below the top of the repository. */
  readonly below?: string
  /** What makes the gate pass, from the run's root. */
  readonly work: Readonly<Record<string, string>>
  /** Where the gate passes at the start: what an agent's bad work adds. */
  readonly bad?: Readonly<Record<string, string>>
}

const tool = (name: string): string => path.join(projectRoot, 'node_modules', name)
export const searcher = path.join(projectRoot, 'test/variants/searcher.cjs')

const js = 'export const answer = 41\n'
const fixed = { 'src/answer.js': 'export const answer = 42\n' }
const nodeTest = [
  "import assert from 'node:assert'",
  "import test from 'node:test'",
  "import { answer } from '../src/answer.js'",
  "test('the answer', () => assert.equal(answer, 42))",
  '',
].join('\n')
const common = {
  'README.md': '# Answers\n',
  '.gitignore': 'node_modules\nbuild\n',
  'src/answer.js': js,
  'src/deep/other.js': 'export const other = 1\n',
  'src/schema.json': '{}\n',
  'src/locales/en.json': '{"hello":"Hello"}\n',
  'test/answer.test.js': nodeTest,
  'docs/guide.md': '# Guide\n',
}
const manifest = (more: Readonly<Record<string, unknown>> = {}): string =>
  `${JSON.stringify({ name: 'answers', version: '1.0.0', type: 'module', ...more }, null, 2)}\n`
const grep = "grep -q 'answer = 42' src/answer.js || { echo 'CHECK: wrong answer'; exit 1; }\n"
const answerPy = 'answer = 41\n'
const fixedPy = { 'shop/answer.py': 'answer = 42\n' }
const testPy = [
  'import unittest',
  'from shop.answer import answer',
  '',
  'class TestAnswer(unittest.TestCase):',
  '    def test_answer(self):',
  '        self.assertEqual(answer, 42)',
  '',
].join('\n')
const python = {
  'README.md': '# Shop\n',
  '.gitignore': '__pycache__\n',
  'pyproject.toml': '[project]\nname = "shop"\nversion = "1.0"\n',
  'shop/__init__.py': '',
  'shop/answer.py': answerPy,
  'tests/__init__.py': '',
  'tests/test_answer.py': testPy,
}

const tools = {
  make: {
    files: { ...common, Makefile: 'check:\n\tsh scripts/check.sh\n', 'scripts/check.sh': grep },
    gate: ['make', '-s', 'check'],
    work: fixed,
  },
  /** A driver of the project's own before the check, and what it loads. */
  driver: {
    files: {
      ...common,
      'package.json': manifest(),
      'tools/run.mjs': "import { check } from './lib/check.mjs'\nprocess.exitCode = check()\n",
      'tools/lib/check.mjs':
        "import fs from 'node:fs'\nimport { wanted } from './wanted.mjs'\nexport const check = () => (fs.readFileSync('src/answer.js', 'utf8').includes(wanted) ? 0 : 1)\n",
      'tools/lib/wanted.mjs': "export const wanted = 'answer = 42'\n",
    },
    gate: ['node', 'tools/run.mjs'],
    work: fixed,
  },
  /** A script that reads another one. */
  shell: {
    files: {
      ...common,
      'scripts/check.sh': '. "$(dirname "$0")/lib/all.sh"\ncheck\n',
      'scripts/lib/all.sh': `check() { ${grep.trim()}; }\n`,
    },
    gate: ['sh', 'scripts/check.sh'],
    work: fixed,
  },
  npm: {
    files: { ...common, 'package.json': manifest({ scripts: { test: 'node --test test/' } }) },
    gate: ['npm', 'test'],
    work: fixed,
  },
  node: {
    files: { ...common, 'package.json': manifest() },
    gate: ['node', '--test', 'test/'],
    work: fixed,
  },
  searcher: {
    files: { ...common, 'package.json': manifest() },
    gate: ['node', searcher, 'NAMES', '.'],
    work: fixed,
  },
  /** Sources lie in the root itself. */
  flat: {
    files: {
      'README.md': '# Flat\n',
      'package.json': manifest(),
      'answer.js': js,
      'other.js': 'export const other = 1\n',
      'data.json': '{}\n',
    },
    gate: ['node', searcher, 'NAMES', '.', '.'],
    work: { 'answer.js': fixed['src/answer.js'] },
  },
  /** The same in a part of a repository: settings lie above the run's root too. */
  part: {
    files: {
      'README.md': '# All\n',
      'package.json': manifest({ private: true }),
      'packages/b/src/b.js': 'export const b = 1\n',
      ...Object.fromEntries(
        Object.entries({ ...common, 'package.json': manifest() }).map(([name, text]) => [
          `packages/a/${name}`,
          text,
        ]),
      ),
    },
    gate: ['node', searcher, 'NAMES', '../..'],
    below: 'packages/a',
    work: fixed,
  },
  unittest: {
    files: python,
    gate: ['python3', '-m', 'unittest', 'discover', '-s', 'tests', '-t', '.'],
    command: { env: { PYTHONDONTWRITEBYTECODE: '1' } },
    work: fixedPy,
  },
  pytest: {
    files: python,
    gate: ['python3', '-m', 'pytest', '-q', '-p', 'no:cacheprovider'],
    command: { env: { PYTHONDONTWRITEBYTECODE: '1' } },
    work: fixedPy,
  },
  /** Sources lie where the gate's environment opens a path for imports. */
  pythonPath: {
    files: Object.fromEntries(
      Object.entries(python).map(([name, text]) => [name.startsWith('shop/') ? `src/${name}` : name, text]),
    ),
    gate: ['python3', '-m', 'unittest', 'discover', '-s', 'tests', '-t', '.'],
    command: { env: { PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: 'src' } },
    work: { 'src/shop/answer.py': 'answer = 42\n' },
  },
  tsc: {
    files: {
      'README.md': '# Typed\n',
      '.gitignore': 'node_modules\n',
      'package.json': manifest(),
      'tsconfig.json': `${JSON.stringify({ compilerOptions: { strict: true, noEmit: true, types: [] }, include: ['src'] })}\n`,
      'src/answer.ts': "export const answer: number = 'forty-one'\n",
      'src/deep/other.ts': 'export const other = 1\n',
    },
    gate: ['node', tool('typescript/bin/tsc'), '-p', '.'],
    work: { 'src/answer.ts': 'export const answer: number = 42\n' },
  },
  jest: {
    files: {
      ...common,
      'package.json': `${JSON.stringify({ name: 'answers', version: '1.0.0', jest: {} })}\n`,
      'src/answer.js': 'exports.answer = 41\n',
      'src/deep/other.js': 'exports.other = 1\n',
      'test/answer.test.js':
        "const { answer } = require('../src/answer.js')\ntest('the answer', () => expect(answer).toBe(42))\n",
    },
    gate: ['node', tool('jest/bin/jest.js'), '--ci', '-i', '--no-cache'],
    work: { 'src/answer.js': 'exports.answer = 42\n' },
  },
  oxlint: {
    files: {
      ...common,
      'package.json': manifest(),
      '.oxlintrc.json': '{"rules":{"no-debugger":"error"}}\n',
      'src/answer.js': `${js}debugger\n`,
    },
    gate: [tool('.bin/oxlint'), '--deny-warnings', 'src'],
    work: fixed,
  },
  /** The gate asks git what changed. */
  git: {
    files: { ...common, 'package.json': manifest() },
    gate: [
      'sh',
      '-c',
      '{ git diff --name-only --relative HEAD -- src; git ls-files -o --exclude-standard -- src; } | while read -r one; do if grep -q TODO "$one"; then echo "CHECK: $one"; exit 1; fi; done',
    ],
    work: fixed,
    bad: { 'src/answer.js': '// TODO\nexport const answer = 42\n' },
  },
  /** What checks is a package that `prepare` installs. */
  deps: {
    files: {
      ...common,
      'package.json': manifest({
        dependencies: { checker: 'file:vendored/checker' },
        scripts: { test: 'checker' },
      }),
      'package-lock.json': `${JSON.stringify({
        name: 'answers',
        version: '1.0.0',
        lockfileVersion: 3,
        requires: true,
        packages: {
          '': { name: 'answers', version: '1.0.0', dependencies: { checker: 'file:vendored/checker' } },
          'node_modules/checker': { resolved: 'vendored/checker', link: true },
          'vendored/checker': { version: '1.0.0', bin: { checker: 'cli.js' } },
        },
      })}\n`,
      'vendored/checker/package.json': `${JSON.stringify({ name: 'checker', version: '1.0.0', bin: { checker: 'cli.js' } })}\n`,
      'vendored/checker/cli.js': `#!/usr/bin/env node\nimport('node:fs').then((fs) => process.exit(fs.readFileSync('src/answer.js', 'utf8').includes('= 42') ? 0 : 1))\n`,
    },
    gate: ['npm', 'test'],
    config: { prepare: [{ argv: ['npm', 'ci', '--ignore-scripts', '--offline', '--no-audit'] }] },
    work: fixed,
  },
} satisfies Readonly<Record<string, Base>>

export type BaseName = keyof typeof tools
export const bases: Readonly<Record<BaseName, Base>> = tools
