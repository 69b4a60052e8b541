import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import type { PrepareStep } from '../../src/contract/types.ts'
import { layerNames, restsOn } from '../../src/workspace/room/layer-digest.ts'

let dir = ''
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'layers-'))
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

const step = (...argv: readonly string[]): PrepareStep => ({
  argv,
  cwd: '.',
  timeoutSeconds: 60,
  env: {},
  writable: [],
  network: 'none',
})
const install = step('npm', 'ci')
const build = step('make', 'deps')

/** Digests for a tree of these files; a text that begins with `-> ` is a link. */
function digests(
  files: Readonly<Record<string, string>>,
  steps = [install, build],
  tools = ['npm 1', 'make 1'],
) {
  fs.rmSync(dir, { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(dir, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    if (text.startsWith('-> ')) fs.symlinkSync(text.slice(3), file)
    else fs.writeFileSync(file, text)
  }
  const digest = sha256(JSON.stringify(files))
  return named(files, digest, steps, tools).map((one) => one.digest)
}

function named(
  files: Readonly<Record<string, string>>,
  digest = sha256(''),
  steps = [install, build],
  tools: readonly string[] = [],
) {
  return layerNames({ dirs: [dir], files: new Set(Object.keys(files)), digest }, steps, tools)
}

const start = {
  'package.json': '{}',
  'packages/a/package.json': '{}',
  'packages/a/index.js': '1',
  'x/i.js': '1',
}

test.each([
  ['a source', { 'packages/a/index.js': '2' }, true],
  ['a new source', { 'packages/a/more.js': '' }, true],
  ['the manifest of a member', { 'packages/a/package.json': '{"version":"2"}' }, false],
  ['a new manifest', { 'packages/b/package.json': '{}' }, false],
  ['settings of the package manager', { '.npmrc': 'a=b' }, false],
])('%s changes: the installed layer is still right: %s', (_what, change, same) => {
  const [installed, built] = digests(start)
  const [installedNow, builtNow] = digests({ ...start, ...change })
  expect(installedNow === installed).toBe(same)
  // Nobody knows what make reads.
  expect(builtNow).not.toBe(built)
})

test('a package by its path counts by all its files, and by what its manifest is a link to', () => {
  const byPath = { ...start, 'package.json': '{"dependencies":{"x":"file:x"}}' }
  expect(digests({ ...byPath, 'x/i.js': '2' })[0]).not.toBe(digests(byPath)[0])
  const linked = { ...start, 'package.json': '-> shared.txt', 'shared.txt': '{}' }
  expect(digests({ ...linked, 'shared.txt': '{"a":1}' })[0]).not.toBe(digests(linked)[0])
  const through = { ...linked, 'shared.txt': byPath['package.json'] }
  expect(digests({ ...through, 'x/i.js': '2' })[0]).not.toBe(digests(through)[0])
})

test('a layer is of its step, of the steps before it and of its program', () => {
  const both = digests(start)
  expect(digests(start)).toEqual(both)
  expect(digests(start, [build], ['make 1'])[0]).not.toBe(both[1])
  expect(digests(start, [install, build], ['npm 2', 'make 1'])[0]).not.toBe(both[0])
  expect(digests(start, [{ ...install, env: { A: 'b' } }, build])[0]).not.toBe(both[0])
})

test('what a layer rests on is said of files that are there, new or gone', () => {
  digests(start)
  const [installed, built] = named(start)
  const rests = (one: typeof installed, ...files: readonly string[]): boolean => restsOn([one!], files)
  expect(rests(installed, 'packages/a/index.js', 'README.md')).toBe(false)
  expect(rests(installed, 'packages/a/index.js', 'packages/a/package.json')).toBe(true)
  expect(rests(installed, 'packages/gone/package.json')).toBe(true)
  expect(rests(built, 'README.md')).toBe(true)
  expect(rests(built)).toBe(false)
})

test('what was copied when the run began covers what the tree holds by now', () => {
  const above = fs.mkdtempSync(path.join(os.tmpdir(), 'layers-above-'))
  try {
    digests({ ...start, '.npmrc': 'registry=theirs' })
    const files = new Set([...Object.keys(start), '.npmrc'])
    const of = (dirs: readonly string[]): string =>
      layerNames({ dirs, files, digest: sha256('') }, [install], ['npm'])[0]!.digest
    const without = of([dir])
    fs.writeFileSync(path.join(above, '.npmrc'), 'registry=ours')
    const covered = of([above, dir])
    fs.writeFileSync(path.join(dir, '.npmrc'), 'registry=another')
    expect([covered === without, of([above, dir])]).toEqual([false, covered])
  } finally {
    fs.rmSync(above, { recursive: true })
  }
})
