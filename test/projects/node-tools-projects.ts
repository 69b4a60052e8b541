import { type Project, npmProject } from './project.ts'

const slug = (separator: string): string =>
  `export const slug = (title: string): string => title.toLowerCase().split(/\\s+/).join('${separator}')\n`

const greet = (name: string): string =>
  `export const greet = (name: string): string => \`Hello, \${${name}}!\`\n`

const price = (sum: string): string => `exports.gross = (net, rate) => ${sum}\n`

const member = (name: string, more: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ name, version: '1.0.0', private: true, scripts: { test: 'node --test' }, ...more }, null, 2)}\n`

const page = (text: string): string => `<!doctype html><title>t</title><p id="p"></p><script>
document.getElementById('p').textContent = [1, 2, 3].map((n) => ${text}).join(',')
</script>
`

/** Tools of Node that come from npm, and a browser: they start services, workers and pipes of their own. */
export const nodeToolsProjects: readonly Project[] = [
  {
    name: 'vitest',
    packages: { vitest: '3.2.4' },
    builds: ['esbuild'],
    files: {
      ...npmProject('titles', 'vitest run', { type: 'module' }),
      'src/slug.ts': slug('-'),
      'test/slug.test.ts': `import { expect, test } from 'vitest'
import { slug } from '../src/slug'
test('a title becomes a slug', () => expect(slug('Two Words')).toBe('two-words'))
`,
    },
    gates: ['test'],
    bug: { file: 'src/slug.ts', text: slug('_') },
    reason: /expected 'two_words' to be 'two-words'/,
  },
  {
    name: 'tsx',
    packages: { tsx: '4.20.6' },
    builds: ['esbuild'],
    files: {
      ...npmProject('greeter', 'node --import tsx --test test/*.test.ts && tsx src/main.ts World', {
        type: 'module',
      }),
      'src/greet.ts': greet('name'),
      'src/main.ts': `import { greet } from './greet'\nconsole.log(greet(process.argv[2] ?? ''))\n`,
      'test/greet.test.ts': `import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
test('greets on the command line', () => {
  assert.equal(execFileSync('npx', ['tsx', 'src/main.ts', 'Ann'], { encoding: 'utf8' }), 'Hello, Ann!\\n', 'the greeting')
})
`,
    },
    gates: ['test'],
    bug: { file: 'src/greet.ts', text: greet('name.length') },
    reason: /the greeting/,
  },
  {
    name: 'a pnpm workspace',
    tools: { pnpm: '9.15.9' },
    files: {
      'package.json': `${JSON.stringify({ name: 'root', private: true, scripts: { test: 'pnpm -r test' } }, null, 2)}\n`,
      'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
      'pnpm-lock.yaml': `lockfileVersion: '9.0'

importers:
  .: {}
  packages/cart:
    dependencies:
      price:
        specifier: workspace:*
        version: link:../price
  packages/price: {}
`,
      '.gitignore': 'node_modules\n',
      'packages/price/package.json': member('price', { main: 'index.js' }),
      'packages/price/index.js': price('net * (1 + rate)'),
      'packages/price/test/price.test.js': `const assert = require('node:assert/strict')
require('node:test').test('with tax', () => assert.equal(require('..').gross(100, 0.5), 150, 'the gross price'))
`,
      'packages/cart/package.json': member('cart', { dependencies: { price: 'workspace:*' } }),
      'packages/cart/test/cart.test.js': `const assert = require('node:assert/strict')
require('node:test').test('uses price', () => assert.equal(require('price').gross(10, 0), 10, 'without tax'))
`,
    },
    prepare: [['pnpm', 'install', '--frozen-lockfile', '--offline']],
    gates: ['test'],
    bug: { file: 'packages/price/index.js', text: price('net * (1 - rate)') },
    reason: /packages\/price test[^]*the gross price/,
  },
  {
    name: 'a page in Chromium',
    needs: ['chromium'],
    files: {
      ...npmProject('page', 'node --test'),
      'src/page.html': page('n * n'),
      'test/page.test.js': `const assert = require('node:assert/strict')
const http = require('node:http')
const fs = require('node:fs')
const { promisify } = require('node:util')
const { execFile } = require('node:child_process')
require('node:test').test('the page draws squares', async () => {
  const server = http.createServer((_request, response) => response.end(fs.readFileSync('src/page.html')))
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const profile = fs.mkdtempSync('/tmp/chromium-')
  const { stdout } = await promisify(execFile)('chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--user-data-dir=' + profile, '--dump-dom', 'http://127.0.0.1:' + server.address().port])
  server.close()
  assert.match(stdout, /<p id="p">1,4,9<\\/p>/, 'the squares')
})
`,
    },
    gates: ['test'],
    bug: { file: 'src/page.html', text: page('n + n') },
    reason: /the squares/,
  },
]
