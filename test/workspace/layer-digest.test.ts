import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import type { PrepareStep } from '../../src/contract/types.ts'
import { layerDigests } from '../../src/workspace/room/layer-digest.ts'

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
  return layerDigests({ dir, files: new Set(Object.keys(files)), digest }, steps, tools)
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
  const named = { ...start, 'package.json': '{"dependencies":{"x":"file:x"}}' }
  expect(digests({ ...named, 'x/i.js': '2' })[0]).not.toBe(digests(named)[0])
  const linked = { ...start, 'package.json': '-> shared.txt', 'shared.txt': '{}' }
  expect(digests({ ...linked, 'shared.txt': '{"a":1}' })[0]).not.toBe(digests(linked)[0])
  const through = { ...linked, 'shared.txt': named['package.json'] }
  expect(digests({ ...through, 'x/i.js': '2' })[0]).not.toBe(digests(through)[0])
})

test('a layer is of its step, of the steps before it and of its program', () => {
  const both = digests(start)
  expect(digests(start)).toEqual(both)
  expect(digests(start, [build], ['make 1'])[0]).not.toBe(both[1])
  expect(digests(start, [install, build], ['npm 2', 'make 1'])[0]).not.toBe(both[0])
  expect(digests(start, [{ ...install, env: { A: 'b' } }, build])[0]).not.toBe(both[0])
})
