// Repositories of Node: one package, an application with a bundler, a workspace of several packages.
import { each, manifest, moduleText } from './texts.js'

const plain = (name, script, more) => manifest({ name, scripts: { test: script }, ...more })
const testFile = (head, body) =>
  `${head}const assert = require('node:assert/strict')\nconst { test } = require('node:test')\n${body}`

const install = ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund']

export const express = {
  name: 'Express',
  packages: 'npm',
  files: {
    'package.json': plain('shop', 'node --test', {
      dependencies: { express: '5.1.0' },
      devDependencies: { supertest: '7.1.0' },
    }),
    '.gitignore': 'node_modules\n',
    ...each(40, (n) => [`src/route-${n}.js`, moduleText(n)]),
    'src/app.js': `const express = require('express')
const app = express()
for (let n = 0; n < 40; n += 1)
  app.get('/' + n, (request, response) => response.json({ sum: require('./route-' + n).add(n, 2) }))
module.exports = app
`,
    ...each(4, (part) => [
      `test/app-${part}.test.js`,
      testFile(
        `const request = require('supertest')\nconst app = require('../src/app')\n`,
        `for (let n = ${part * 10}; n < ${part * 10 + 10}; n += 1)
  test('route ' + n, () => request(app).get('/' + n).expect(200, { sum: n + 2 }))
`,
      ),
    ]),
  },
  prepare: [install],
  gates: { test: ['npm', 'test'] },
  hold: ['src/hold.js', ''],
  edit: (word) => ['src/route-3.js', moduleText(3, word)],
}

const esModule = (n, word = '') => `export function add(a, b) {\n  return a + b // ${n} ${word}\n}\n`

export const vite = {
  name: 'Vite',
  packages: 'npm',
  files: {
    'package.json': manifest({
      name: 'page',
      type: 'module',
      scripts: { test: 'vitest run', build: 'vite build' },
      devDependencies: { vite: '6.3.5', vitest: '3.2.4' },
    }),
    '.gitignore': 'node_modules\ndist\n',
    'index.html': '<!doctype html><title>page</title><script type="module" src="/src/main.js"></script>\n',
    ...each(100, (n) => [`src/part-${n}.js`, esModule(n)]),
    'src/main.js': `${each(100, (n) => [n, `import { add as add${n} } from './part-${n}.js'`], Object.values).join('\n')}
document.title = String([${each(100, (n) => [n, `add${n}`], Object.values).join(', ')}].map((add) => add(1, 2)))
`,
    ...each(5, (part) => [
      `test/part-${part}.test.js`,
      `import { expect, test } from 'vitest'
for (let n = ${part * 20}; n < ${part * 20 + 20}; n += 1)
  test('part ' + n, async () => expect((await import('../src/part-' + n + '.js')).add(n, 2)).toBe(n + 2))
`,
    ]),
  },
  prepare: [install],
  gates: { test: ['npm', 'test'], build: ['npm', 'run', 'build'] },
  hold: ['src/hold.js', ''],
  edit: (word) => ['src/part-3.js', esModule(3, word)],
}

/** What no member uses, and what a large workspace has all the same. */
const FEW = { 'date-fns': '4.1.0', typescript: '5.8.3' }
const MANY = {
  ...FEW,
  '@mui/icons-material': '6.4.8',
  '@next/swc-linux-x64-gnu': '15.3.2',
  '@swc/core-linux-x64-gnu': '1.11.24',
  '@tensorflow/tfjs': '4.22.0',
  'aws-sdk': '2.1692.0',
  googleapis: '148.0.0',
  'monaco-editor': '0.52.2',
  next: '15.3.2',
  'onnxruntime-web': '1.21.1',
  react: '19.1.0',
  'react-dom': '19.1.0',
  'react-icons': '5.5.0',
}

const MEMBERS = 5
const member = (nth) => ({
  [`packages/p${nth}/package.json`]: plain(`p${nth}`, 'node --test', {
    version: '1.0.0',
    ...(nth === 0 ? {} : { dependencies: { [`p${nth - 1}`]: 'workspace:*' } }),
  }),
  ...each(20, (n) => [`packages/p${nth}/src/part-${n}.js`, moduleText(n)]),
  [`packages/p${nth}/index.js`]: `exports.add = require('./src/part-0').add\n`,
  [`packages/p${nth}/test/add.test.js`]: testFile(
    `const { add } = require('${nth === 0 ? '../index' : `p${nth - 1}`}')\n`,
    `test('adds', () => assert.equal(add(2, 2), 4))\n`,
  ),
})

export const pnpm = (long) => ({
  name: 'pnpm workspace',
  packages: 'pnpm',
  files: {
    'package.json': manifest({
      name: 'all',
      private: true,
      packageManager: 'pnpm@10.11.0',
      scripts: { test: 'pnpm -r test' },
      devDependencies: long ? MANY : FEW,
    }),
    'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
    '.gitignore': 'node_modules\n',
    ...Object.assign({}, ...Array.from({ length: MEMBERS }, (_, nth) => member(nth))),
  },
  prepare: [['pnpm', 'install', '--frozen-lockfile', '--ignore-scripts']],
  gates: { test: ['pnpm', '-r', 'test'] },
  hold: ['packages/p0/src/hold.js', ''],
  edit: (word) => ['packages/p0/src/part-0.js', moduleText(0, word)],
})
