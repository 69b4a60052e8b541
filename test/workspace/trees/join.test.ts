import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { bringIn } from '../../../src/workspace/trees/bring-in.ts'
import { join } from '../../../src/workspace/trees/join.ts'
import type { Joined, OwnRepository } from '../../../src/workspace/trees/types.ts'
import { commitIn } from './head-of.ts'
import { type Rig, makeRig, must, put } from './rig.ts'
import { long, sampleOf } from '../../rig/long.ts'

const LONG = Array.from({ length: 40 }, (_, nth) => `line ${nth}\n`).join('')
const FILES = {
  'src/a.js': LONG,
  'log.md': 'first\n',
  '.gitattributes': '*.md merge=union\n*.txt merge=own\n',
  'x.txt': '1\n',
}

let rig: Rig
let own: OwnRepository
let base: string

beforeEach(async () => {
  rig = makeRig(FILES)
  base = rig.git('rev-parse', 'HEAD')
  own = await rig.open()
  must(await bringIn(own, base))
})
afterEach(() => rig.remove())

/** What comes of two sides; null: the file is gone. */
async function joined(
  head: Readonly<Record<string, string | null>>,
  work: Readonly<Record<string, string | null>>,
): Promise<Joined> {
  return must(await join(own, await side(head), await side(work), base))
}

const side = (changes: Readonly<Record<string, string | null>>): Promise<string> =>
  commitIn(
    own,
    base,
    Object.fromEntries(
      Object.entries({ ...FILES, ...changes }).flatMap(([file, text]) =>
        text === null ? [] : [[file, text]],
      ),
    ),
  )

const show = (tree: string, file: string): string =>
  execFileSync('git', ['show', `${tree}:${file}`], { cwd: own.dir, encoding: 'utf8' })

describe('a candidate and the present head', () => {
  it('are joined where they differ in other lines', async () => {
    const result = await joined({ 'src/a.js': `head\n${LONG}` }, { 'src/a.js': `${LONG}work\n` })
    if (result.kind !== 'joined') throw new Error(JSON.stringify(result))
    expect(show(result.tree, 'src/a.js')).toBe(`head\n${LONG}work\n`)
  })

  it('are in conflict where both changed a line, or one removed what the other changed', async () => {
    const result = await joined(
      { 'src/a.js': LONG.replace('line 5', 'head'), 'x.txt': null },
      { 'src/a.js': LONG.replace('line 5', 'work'), 'x.txt': '2\n' },
    )
    expect(result).toEqual({
      kind: 'conflict',
      marked: null,
      paths: [
        { path: 'src/a.js', kind: 'contents' },
        { path: 'x.txt', kind: 'modify/delete' },
      ],
    })
  })

  it('carry no edit to where the head renamed the file', async () => {
    const result = await joined({ 'src/a.js': null, 'jest.config.js': LONG }, { 'src/a.js': `${LONG}work\n` })
    expect(result).toEqual({
      kind: 'conflict',
      marked: null,
      paths: [{ path: 'src/a.js', kind: 'modify/delete' }],
    })
  })

  if (long)
    it('carry no new file to where the head renamed its directory', async () => {
      const result = await joined({ 'src/a.js': null, 'lib/a.js': LONG }, { 'src/new.js': 'new\n' })
      if (result.kind !== 'joined') throw new Error(JSON.stringify(result))
      expect(show(result.tree, 'src/new.js')).toBe('new\n')
    })

  it('are joined as the head’s attributes say, and by no program that a configuration names', async () => {
    const script = rig.at('script')
    put(script, `#!/bin/sh\ntouch ${rig.at('ran')}\n`)
    fs.chmodSync(script, 0o755)
    for (const place of [rig.top, own.dir]) rig.gitIn(place, 'config', 'merge.own.driver', `${script} %A`)
    const result = await joined(
      { 'log.md': 'first\nhead\n', 'x.txt': '2\n' },
      { 'log.md': 'first\nwork\n', 'x.txt': '3\n' },
    )
    expect(result).toEqual({ kind: 'conflict', marked: null, paths: [{ path: 'x.txt', kind: 'contents' }] })
    expect(fs.existsSync(rig.at('ran'))).toBe(false)
    const union = await joined({ 'log.md': 'first\nhead\n' }, { 'log.md': 'first\nwork\n' })
    if (union.kind !== 'joined') throw new Error(JSON.stringify(union))
    expect(show(union.tree, 'log.md')).toBe('first\nhead\nwork\n')
    expect(fs.readdirSync(path.join(own.data, 'scratch'))).toEqual([])
  })

  it.each(
    sampleOf<[string, Record<string, string | null>, Record<string, string | null>, unknown]>(
      [
        ['the same addition', { n: 'x\n', z: 'z\n' }, { n: 'x\n' }, 'joined'],
        ['two additions', { n: 'x\n' }, { n: 'y\n' }, { path: 'n', kind: 'add/add' }],
        ['the same removal', { 'x.txt': null, z: 'z\n' }, { 'x.txt': null }, 'joined'],
        [
          'a file where the other has a directory',
          { n: 'x\n' },
          { 'n/m': 'y\n' },
          { path: 'n/m', kind: 'file/directory' },
        ],
        [
          'a directory where the other has a file',
          { 'n/m/o': 'x\n' },
          { n: 'y\n' },
          { path: 'n', kind: 'file/directory' },
        ],
        [
          'a file that gives way to a directory',
          { 'log.md': 'x\n' },
          { 'x.txt': null, 'x.txt/y': 'y\n' },
          'joined',
        ],
        [
          'a directory that gives way to a file',
          { 'log.md': 'x\n' },
          { 'src/a.js': null, src: 'y\n' },
          'joined',
        ],
        ['bytes', { 'x.txt': '\0a' }, { 'x.txt': '\0b' }, { path: 'x.txt', kind: 'contents' }],
      ],
      3,
    ),
  )('as to %s', async (_what, head, work, expected) => {
    const result = await joined(head, work)
    if (expected !== 'joined')
      return expect(result).toEqual({ kind: 'conflict', marked: null, paths: [expected] })
    if (result.kind !== 'joined') throw new Error(JSON.stringify(result))
    const names = rig.gitIn(own.dir, 'ls-tree', '-r', '--name-only', result.tree).split('\n')
    const all = Object.entries({ ...FILES, ...head, ...work })
    expect(names).toEqual(all.flatMap(([file, text]) => (text === null ? [] : [file])).sort())
  })

  if (long)
    it('keep the mode that one side gave to a file and the lines of the other', async () => {
      rig.git('update-index', '--chmod=+x', 'x.txt')
      rig.git('commit', '-qm', 'mode')
      const executable = rig.git('rev-parse', 'HEAD')
      must(await bringIn(own, executable))
      const result = must(await join(own, executable, await side({ 'x.txt': '2\n' }), base))
      if (result.kind !== 'joined') throw new Error(JSON.stringify(result))
      expect(rig.gitIn(own.dir, 'ls-tree', result.tree, 'x.txt')).toMatch(/^100755 /)
      expect(show(result.tree, 'x.txt')).toBe('2\n')
    })

  it('are not joined where they do not meet at the base', async () => {
    const head = await side({ 'x.txt': '2\n' })
    const work = await side({ 'x.txt': '3\n' })
    expect(await join(own, head, work, head)).toMatchObject({ error: { code: 'could-not-join' } })
    const foreign = await commitIn(own, null, { 'x.txt': '3\n' })
    expect(await join(own, head, foreign, base)).toMatchObject({ error: { code: 'could-not-join' } })
  })
})
