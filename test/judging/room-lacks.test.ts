import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Lacking, roomLacks } from '../../src/judging/room-lacks.ts'

/* A workspace with things that git ignores, and a room that has what is tracked and what `prepare` made. */
let root: string
const tracked = new Set(['src/a.js', 'packages/p/index.js', 'Makefile'])
const prepared = new Set(['packages', 'packages/p', 'packages/p/node_modules'])
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'lacks-'))
  for (const file of [
    ...tracked,
    'build/out/a.txt',
    'build/out/b.txt',
    '.env.test',
    'src/generated/client.js',
    'node_modules/left-pad/index.js',
    'node_modules/.bin/tool',
    'packages/p/node_modules/by-hand/index.js',
    '.git/HEAD',
  ]) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    fs.writeFileSync(path.join(root, file), '')
  }
})
afterAll(() => fs.rmSync(root, { recursive: true, force: true }))

const lacks = (text: string, more: Partial<Lacking> = {}): string[] =>
  roomLacks({
    text,
    missing: null,
    root,
    cwd: '.',
    room: { files: tracked, has: (file) => tracked.has(file) || prepared.has(file) || file === 'src' },
    ...more,
  }).map(({ kind, name }) => `${kind} ${name}`)

const cases: readonly (readonly [string, string, Partial<Lacking>, readonly string[]])[] = [
  ['a path below the root', 'cat: build/out/a.txt: No such file or directory', {}, ['path build/out/a.txt']],
  ['with a line and a full stop', 'at ./build/out/a.txt:12:3 is missing.', {}, ['path build/out/a.txt']],
  ['in quotes', "ENOENT: open '.env.test'", {}, ['path .env.test']],
  ['relative to where the gate ran', 'open ../build/out/b.txt', { cwd: 'src' }, ['path build/out/b.txt']],
  ['two of them', 'build/out/a.txt build/out/b.txt', {}, ['path build/out/a.txt', 'path build/out/b.txt']],
  ['a module of generated code', "Cannot find module './generated/client'", {}, ['path src/generated']],
  [
    'a program among dependencies',
    'sh: node_modules/.bin/tool: not found',
    {},
    ['dependencies node_modules'],
  ],
  ['a module that was not installed', 'no module', { missing: 'left-pad' }, ['dependencies node_modules']],
  [
    'a module put by hand into what prepare made',
    'no module',
    { missing: 'by-hand', cwd: 'packages/p' },
    ['package by-hand'],
  ],
  ['what the room has too', 'src/a.js:1: wrong', {}, []],
  ['what nobody has', 'src/b.js: not there', {}, []],
  ['a word that happens to be a name', 'the build failed', {}, []],
  ['what is not in the workspace', `/etc/passwd ../../etc/passwd ${os.homedir()}`, {}, []],
  ['nothing', '', {}, []],
]
test.each(cases)('%s', (_what, text, more, found) => {
  expect(lacks(text, more)).toEqual(found)
})

test('the absolute path counts, and a hundred names come to a few', () => {
  expect(lacks(path.join(root, 'build/out/a.txt'))).toEqual(['path build/out/a.txt'])
  for (let n = 0; n < 100; n += 1) fs.writeFileSync(path.join(root, `build/out/${n}.bin`), '')
  const names = Array.from({ length: 100 }, (_, n) => `build/out/${n}.bin`)
  expect(lacks(names.join(' '))).toHaveLength(5)
})
