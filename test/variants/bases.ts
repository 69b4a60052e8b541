import fs from 'node:fs'
import path from 'node:path'
import { gatePath } from '../judging/rig.ts'
import { projectRoot } from '../rig/root.ts'
import { type Base, common, fixed, js, manifest } from './base.ts'
import { languages } from './bases-languages.ts'
import { tooled } from './bases-tools.ts'

const searcher = path.join(projectRoot, 'test/variants/searcher.cjs')
const grep = "grep -q 'answer = 42' src/answer.js || { echo 'CHECK: wrong answer'; exit 1; }\n"

const plain = {
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
  /** The same as a module of Python. */
  module: {
    files: {
      ...common,
      'tools/__init__.py': '',
      'tools/check.py':
        'import sys\nfrom tools.lib import wanted\nsys.exit(wanted not in open("src/answer.js").read())\n',
      'tools/lib.py': 'wanted = "answer = 42"\n',
    },
    gate: ['python3', '-m', 'tools.check'],
    command: { env: { PYTHONDONTWRITEBYTECODE: '1' } },
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
} satisfies Readonly<Record<string, Base>>
const all = { ...plain, ...tooled, ...languages }

export type BaseName = keyof typeof all
export const bases: Readonly<Record<BaseName, Base>> = all

/** Whether the machine has what its gate needs. */
export function isHere(name: BaseName): boolean {
  const { needs } = bases[name]
  return needs === undefined || gatePath.split(':').some((dir) => fs.existsSync(path.join(dir, needs)))
}
