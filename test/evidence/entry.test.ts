import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import * as fc from 'fast-check'
import { holds } from '../rig/long.ts'
import { EntryReader, MOST_HASHED } from '../../src/evidence/entry.ts'
import { splitNames, splitNul } from '../../src/evidence/git/parse.ts'
import { fsPath, pathText } from '../../src/evidence/path-text.ts'
import type { EntryLine } from '../../src/evidence/types.ts'

let root: string
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'entry-'))
})
afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

const put = (name: string, content: string | Buffer): void => {
  fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
  fs.writeFileSync(fsPath(root, name), content)
}

/** What can lie where git has just listed a file. */
const things: [string, string, () => void][] = [
  ['a file', 'a', () => put('a', 'words\n')],
  ['an empty file', 'a', () => put('a', '')],
  ['bytes', 'a', () => put('a', Buffer.from([0, 255, 10, 13, 0]))],
  ['a program', 'a', () => (put('a', '#!/bin/sh\n'), fs.chmodSync(path.join(root, 'a'), 0o755))],
  ['just what is read in one go', 'a', () => put('a', Buffer.alloc((1 << 20) - 32, 'x'))],
  ['one byte more', 'a', () => put('a', Buffer.alloc((1 << 20) - 31, 'x'))],
  ['a large file', 'a', () => put('a', Buffer.alloc((1 << 21) + 7, 'x'))],
  ['a file far down', 'b/c/a', () => put('b/c/a', 'deep')],
  ['a name that is no UTF-8', 'caf\\xe9', () => put('caf\\xe9', 'x')],
  ['a link', 'a', () => fs.symlinkSync('/etc/passwd', path.join(root, 'a'))],
  ['a link to nothing', 'a', () => fs.symlinkSync('gone', path.join(root, 'a'))],
  ['a pipe', 'a', () => execFileSync('mkfifo', [path.join(root, 'a')])],
  ['a directory', 'a', () => fs.mkdirSync(path.join(root, 'a'))],
  ['nothing', 'a', () => undefined],
  ['a file behind a link', 'l/a', () => (put('d/a', 'x'), fs.symlinkSync('d', path.join(root, 'l')))],
]

describe('what was foreseen is what a look sees', () => {
  test.each(things)('%s', (_what, name, make) => {
    make()
    const eyes = new EntryReader(root, 'sha1')
    eyes.foresee([name])
    const foreseen = eyes.look(name)
    const seen = new EntryReader(root, 'sha1').look(name)
    // Whether a stat may be trusted depends on the moment.
    expect(foreseen && { kind: foreseen.kind, hash: foreseen.hash }).toEqual(
      seen && { kind: seen.kind, hash: seen.hash },
    )
  })

  test.each(['sha1', 'sha256'] as const)('a file has the object id of git: %s', (format) => {
    put('a', 'words\n')
    const eyes = new EntryReader(root, format)
    eyes.foresee(['a'])
    expect(eyes.look('a')).toMatchObject({
      kind: 'f',
      hash: createHash(format).update('blob 6\0words\n').digest('hex'),
    })
  })

  test('one after the other, each has its own content', () => {
    const names = ['long', 'short', 'none', 'other']
    for (const [at, content] of ['x'.repeat(2000), 'y', '', 'z'.repeat(300)].entries())
      put(names[at]!, content)
    const eyes = new EntryReader(root, 'sha1')
    eyes.foresee(names)
    for (const name of names)
      expect(eyes.look(name)?.hash).toBe(new EntryReader(root, 'sha1').look(name)?.hash)
  })

  test('a known file with the stat it had keeps its hash, one with another is read', () => {
    put('a', 'words\n')
    // Old enough to be trusted, whenever this runs: the stat is what a look long after the change would note.
    const { size, ctimeMs, ino } = fs.statSync(path.join(root, 'a'))
    const mark = [size, Math.round(ctimeMs * 1000), ino].map((each) => each.toString(36)).join('.')
    const known = (stat: string): Map<string, EntryLine> => new Map([['a', ['a', 'f', 'as-it-was', stat]]])
    const hashWith = (stat: string): string | undefined => {
      const eyes = new EntryReader(root, 'sha1', known(stat))
      eyes.foresee(['a'])
      return eyes.look('a')?.hash
    }
    expect(hashWith(`${mark}.f`)).toBe('as-it-was')
    expect(hashWith(`${mark}.x`)).toMatch(/^[0-9a-f]{40}$/)
  })
})

test('names in one go are the names one by one', () => {
  const byte = fc.oneof(
    fc.constantFrom(0, 0, 0x5c, 0x78, 0x35, 0x63, 0xc3, 0xa4, 0xef, 0xbb, 0xbf, 0xbd, 0xff),
    fc.integer({ min: 0, max: 255 }),
  )
  holds(
    3000,
    fc.property(
      fc.array(byte, { maxLength: 40 }),
      fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 6 }),
      (bytes, texts) => {
        for (const output of [Buffer.from(bytes), Buffer.from(texts.map((text) => `${text}\0`).join(''))])
          expect(splitNames(output)).toEqual(splitNul(output).map(pathText))
      },
    ),
  )
})

describe('a file that is too large to be read at each look', () => {
  const sparse = (bytes: number): void => {
    put('a', '')
    fs.truncateSync(path.join(root, 'a'), bytes)
  }

  // To read it would take longer than a test may.
  test.each(['sha1', 'short'] as const)('is known by its size, change time and inode: %s', (hashing) => {
    sparse(300 * 2 ** 30)
    const first = new EntryReader(root, hashing).look('a')
    expect(first).toMatchObject({ kind: 'f', hash: expect.stringMatching(/^large\./) })
    expect(new EntryReader(root, hashing).look('a')?.hash).toBe(first?.hash)
    fs.appendFileSync(path.join(root, 'a'), 'x')
    expect(new EntryReader(root, hashing).look('a')?.hash).not.toBe(first?.hash)
  })

  test('is read up to the limit, and where it is compared with a commit', () => {
    sparse(MOST_HASHED)
    expect(new EntryReader(root, 'sha1').look('a')?.hash).toMatch(/^[0-9a-f]{40}$/)
    sparse(MOST_HASHED + 1)
    const oid = execFileSync('git', ['hash-object', '--no-filters', 'a'], {
      cwd: root,
      encoding: 'utf8',
    }).trim()
    expect(new EntryReader(root, 'sha1', undefined, Infinity).look('a')?.hash).toBe(oid)
  })
})
