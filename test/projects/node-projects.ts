import { type Project, npmProject } from './project.ts'

const app = (status: string): string => `const express = require('express')
const app = express()
app.use(express.json())
app.post('/items', (request, response) => response.status(${status}).json({ name: request.body.name }))
app.get('/health', (_request, response) => response.json({ ok: true }))
module.exports = app
`

const cli = (sum: string): string => `#!/usr/bin/env node
const numbers = process.argv.slice(2).map(Number)
if (numbers.some(Number.isNaN)) {
  console.error('add: not a number')
  process.exit(2)
}
console.log(numbers.reduce((a, b) => ${sum}, 0))
`

const total = (sum: string): string => `exports.total = (items) => items.reduce((all, one) => ${sum}, 0)\n`

const jestTest = (name: string): string => `const { total } = require('../src/total')
test('${name} has a total', () => {
  expect(total([{ price: 3, count: 2 }, { price: 1, count: 4 }])).toBe(10)
})
test('${name} runs in a worker', () => expect(process.env.JEST_WORKER_ID).toBeDefined())
`

const settings = (dir: string): string => `const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const dir = path.join(os.homedir(), '.config', '${dir}')
exports.read = () => JSON.parse(fs.readFileSync(path.join(dir, 'settings.json'), 'utf8'))
exports.write = (settings) => {
  fs.mkdirSync(dir, { recursive: true })
  fs.writeFileSync(path.join(dir, 'settings.json'), JSON.stringify(settings))
}
`

/** Each listens, has children or workers, or wants the person's home: what ordinary tests of Node do. */
export const nodeProjects: readonly Project[] = [
  {
    name: 'express with supertest',
    short: true,
    packages: { express: '5.3.0', supertest: '7.3.2' },
    files: {
      ...npmProject('shop', 'node --test'),
      'src/app.js': app('201'),
      'test/app.test.js': `const assert = require('node:assert/strict')
const { test } = require('node:test')
const request = require('supertest')
const app = require('../src/app')
test('creates an item', async () => {
  const response = await request(app).post('/items').send({ name: 'tea' }).expect(201)
  assert.deepEqual(response.body, { name: 'tea' })
})
test('is healthy', () => request(app).get('/health').expect(200, { ok: true }))
`,
    },
    gates: ['test'],
    bug: { file: 'src/app.js', text: app('500') },
    reason: /expected 201 "Created", got 500/,
  },
  {
    name: 'a command line with node --test',
    files: {
      ...npmProject('adder', 'node --test', { bin: { add: 'src/cli.js' } }),
      'src/cli.js': cli('a + b'),
      'test/cli.test.js': `const assert = require('node:assert/strict')
const { spawnSync, execFile } = require('node:child_process')
const path = require('node:path')
const { test } = require('node:test')
const cli = path.join(__dirname, '../src/cli.js')
test('adds', () => {
  const run = spawnSync(process.execPath, [cli, '2', '3'], { encoding: 'utf8' })
  assert.equal(run.stdout, '5\\n', 'the sum on stdout')
})
test('says what is wrong', (t, done) => {
  execFile(process.execPath, [cli, 'x'], (error, _out, err) => {
    assert.equal(error.code, 2)
    assert.equal(err, 'add: not a number\\n')
    done()
  })
})
`,
    },
    gates: ['test'],
    bug: { file: 'src/cli.js', text: cli('a - b') },
    reason: /the sum on stdout/,
  },
  {
    name: 'jest with workers',
    packages: { jest: '30.5.2' },
    builds: ['@parcel/watcher', 'unrs-resolver'],
    files: {
      ...npmProject('basket', 'jest --maxWorkers=2', { jest: { testEnvironment: 'node' } }),
      'src/total.js': total('all + one.price * one.count'),
      'test/one.test.js': jestTest('one'),
      'test/two.test.js': jestTest('two'),
      'test/three.test.js': jestTest('three'),
    },
    gates: ['test'],
    bug: { file: 'src/total.js', text: total('all + one.price') },
    reason: /Expected: 10\s+Received: 4/,
  },
  {
    name: 'a program with settings in ~/.config',
    short: true,
    files: {
      ...npmProject('keeper', 'node --test'),
      'src/settings.js': settings('keeper'),
      'test/settings.test.js': `const assert = require('node:assert/strict')
const { test } = require('node:test')
const settings = require('../src/settings')
test('reads what the person has set', () => assert.equal(settings.read().color, 'green'))
test('writes and reads it again', () => {
  settings.write({ color: 'blue' })
  assert.equal(settings.read().color, 'blue')
})
`,
    },
    home: { '.config/keeper/settings.json': '{"color": "green"}\n' },
    gates: ['test'],
    bug: { file: 'src/settings.js', text: settings('other') },
    reason: /ENOENT[^]*other\/settings\.json/,
  },
]
