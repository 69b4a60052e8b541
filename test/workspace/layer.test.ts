import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { keepOf, readLayer } from '../../src/workspace/layer.ts'
import { sourcesOf } from '../../src/workspace/sources.ts'

let dir: string
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'layer-'))
  for (const name of ['tree', 'upper']) fs.mkdirSync(path.join(dir, name))
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

const at = (...names: string[]): string => path.join(dir, ...names)
const upper = (files: Readonly<Record<string, string | null>>): void => {
  for (const [name, text] of Object.entries(files))
    if (text === null) fs.mkdirSync(at('upper', name), { recursive: true })
    else {
      fs.mkdirSync(path.dirname(at('upper', name)), { recursive: true })
      fs.writeFileSync(at('upper', name), text)
    }
}
const left = (): string[] =>
  fs
    .readdirSync(at('upper'), { recursive: true, encoding: 'utf8' })
    .filter((name) => !fs.statSync(at('upper', name)).isDirectory())
    .sort()
const present = new Set(['src/a.ts', 'test/a.test.ts'])
const none = (): boolean => false
const all = (): boolean => true

describe('what was written to a layer', () => {
  test.each<[string, Record<string, string | null>, string[]]>([
    ['an output', { 'dist/x': 'x' }, []],
    ['a source', { 'src/a.ts': 'x' }, ['src/a.ts']],
    ['a directory in the place of a source', { 'test/a.test.ts/x': 'x' }, ['test/a.test.ts']],
    ['an empty directory in its place', { 'test/a.test.ts': null }, ['test/a.test.ts']],
    ['a file in the place of a directory of sources', { test: 'x' }, ['test/a.test.ts']],
  ])('%s', (_what, files, rewrote) => {
    upper(files)
    expect(readLayer(at('upper'), at('tree'), present, none).rewrote).toEqual(rewrote)
  })

  test('is read where the gate closed a directory', () => {
    upper({ 'shut/x': 'x', 'src/a.ts': 'x' })
    fs.chmodSync(at('upper/shut'), 0o600)
    expect(readLayer(at('upper'), at('tree'), present, none).rewrote).toEqual(['src/a.ts'])
  })
})

describe('what is kept of a layer', () => {
  test.each<[string, Record<string, string | null>, string[]]>([
    ['outputs', { 'dist/x': 'x', 'src/a.js': 'x' }, ['dist/x', 'src/a.js']],
    ['no source', { 'src/a.ts': 'x', 'dist/x': 'x' }, ['dist/x']],
    ['nothing in the place of a source', { 'test/a.test.ts/x': 'x' }, []],
    ['nothing in the place of a directory of sources', { src: 'x' }, []],
  ])('%s', (_what, files, kept) => {
    upper(files)
    expect(keepOf(at('upper'), all, present)).toBe(kept.length > 0 || fs.readdirSync(at('upper')).length > 0)
    expect(left()).toEqual(kept)
  })

  test('only what is named, also where directories are empty or closed to changes', () => {
    upper({ 'cache/empty': null, 'dist/x': 'x', 'cache/y': 'y' })
    fs.chmodSync(at('upper/cache'), 0o555)
    expect(keepOf(at('upper'), (file) => /^dist\/|empty/.test(file), present)).toBe(true)
    expect(left()).toEqual(['dist/x'])
    expect(keepOf(at('upper'), none, present)).toBe(false)
  })

  test('in a directory of sources it lies in another directory: that one may hide what is below it', () => {
    upper({ 'src/a.js': 'x' })
    const { ino } = fs.statSync(at('upper/src'))
    const file = fs.statSync(at('upper/src/a.js')).ino
    keepOf(at('upper'), all, present)
    expect(fs.statSync(at('upper/src')).ino).not.toBe(ino)
    expect(fs.statSync(at('upper/src/a.js')).ino).toBe(file)
  })
})

test.each<[string, string[], string[], string[]]>([
  ['a report beside sources', ['pom.xml', 'src/a.ts'], ['report.json', 'src/b.map'], []],
  ['a new source beside others', ['src/a.ts'], ['src/b.ts', 'coverage/a.ts'], ['src/b.ts']],
  ['nothing is tracked yet', [], ['a.ts', 'report.xml'], ['a.ts', 'report.xml']],
])('no gate has to write: %s', (_what, tracked, others, more) => {
  const files = { files: new Set([...tracked, ...others]), tracked: new Set(tracked) }
  expect([...sourcesOf(files)].sort()).toEqual([...tracked, ...more].sort())
})
