import path from 'node:path'
import { projectRoot } from '../rig/root.ts'
import { type Base, common, fixed, js, manifest } from './base.ts'

const tool = (name: string): string => path.join(projectRoot, 'node_modules', name)

/** Those whose gate is a program that this project installs, or one that is installed for them. */
export const tooled = {
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
