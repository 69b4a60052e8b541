import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { packNames } from '../../../src/workspace/room/pack-names.ts'

let dir: string
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-pack-'))
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

test.each(['sha1', 'sha256'] as const)('the index of a pack tells what git says is in it: %s', (format) => {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: dir, encoding: 'utf8' })
  git('init', '-q', '--object-format', format)
  for (let nth = 0; nth < 300; nth += 1) fs.writeFileSync(path.join(dir, `${nth}`), `${nth}\n`)
  git('add', '-A')
  git('-c', 'user.name=T', '-c', 'user.email=t@localhost', 'commit', '-qm', 'start')
  git('repack', '-adq')
  const packs = path.join(dir, '.git/objects/pack')
  const index = path.join(
    packs,
    fs.readdirSync(packs).find((name) => name.endsWith('.idx'))!,
  )
  const names = packNames(index, format)
  const all = execFileSync('git', ['show-index', `--object-format=${format}`], {
    input: fs.readFileSync(index),
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[1]!)
  expect(all.length).toBeGreaterThan(300)
  expect(all.filter((name) => !names.has(name))).toEqual([])
  // The same names with another last digit, and what is no name at all.
  const other = (name: string): string => name.slice(0, -1) + (name.endsWith('0') ? '1' : '0')
  expect(all.map(other).filter((name) => names.has(name))).toEqual([])
  expect(names.has('')).toBe(false)
  expect(() => packNames(path.join(dir, '0'), format)).toThrow('is not an index of a pack')
})
