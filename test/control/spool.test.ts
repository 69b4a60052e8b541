import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  closeSpool,
  dropFlood,
  dropSpool,
  dropSpooled,
  leaveRequest,
  readSpool,
} from '../../src/control/spool.ts'

const uid = process.getuid?.() ?? 0
const session = randomUUID()
let dir: string
let spool: string
let precious: string
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-spool-'))
  spool = path.join(dir, 'spools', session)
  fs.mkdirSync(spool, { recursive: true, mode: 0o700 })
  precious = path.join(dir, 'elsewhere', session)
  fs.mkdirSync(path.join(precious, 'ledger'), { recursive: true, mode: 0o700 })
  fs.writeFileSync(path.join(precious, 'ledger', 'records'), 'kept')
  fs.writeFileSync(path.join(precious, 'file'), 'kept')
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

const all = (): unknown =>
  new Set(fs.readdirSync(path.dirname(precious), { recursive: true, encoding: 'utf8' }))

describe('a spool that was swapped for a link after it was read', () => {
  const swaps = {
    'the directory': () => {
      fs.renameSync(spool, `${spool}-aside`)
      fs.symlinkSync(precious, spool)
    },
    'the directory above': () => {
      fs.renameSync(path.dirname(spool), path.join(dir, 'aside'))
      fs.symlinkSync(path.dirname(precious), path.dirname(spool))
    },
  }
  test.each(Object.entries(swaps))('%s: nothing is read or taken away behind it', (_what, swap) => {
    for (const name of ['ledger', 'file']) fs.writeFileSync(path.join(spool, name), 'no request')
    const found = readSpool(spool, uid)
    const before = all()
    swap()
    for (const { file } of found) dropSpooled(file, uid)
    expect(found.map(({ file }) => path.basename(file))).toEqual(['file', 'ledger'])
    expect(all()).toEqual(before)
    expect(readSpool(spool, uid)).toEqual([])
  })
})

test('whatever lies there is dropped by its own name only, and is not seen again', () => {
  fs.mkdirSync(path.join(spool, 'tree'))
  fs.symlinkSync(precious, path.join(spool, 'tree', 'link'))
  fs.symlinkSync(precious, path.join(spool, 'link'))
  fs.writeFileSync(path.join(spool, 'text'), '{}')
  const before = all()
  const found = readSpool(spool, uid)
  expect(found.map(({ file, content }) => [path.basename(file), content().ok])).toEqual([
    ['link', false],
    ['text', true],
    ['tree', false],
  ])
  for (const { file } of found) dropSpooled(file, uid)
  for (const { file } of found) dropSpooled(file, uid)
  expect(readSpool(spool, uid)).toEqual([])
  expect(all()).toEqual(before)
})

test('the requests of a session have 8 MB together: what does not fit is refused by name, what fits is read', () => {
  const write = (name: string, bytes: number): void =>
    fs.writeFileSync(path.join(spool, name), JSON.stringify('x'.repeat(bytes - 2)), { mode: 0o600 })
  write('1', 5_000_000)
  write('2', 4_000_000)
  write('3', 3_000_000)
  write('4', 2)
  const read = readSpool(spool, uid).map(({ file, content }) => {
    const found = content()
    return [path.basename(file), found.ok ? 'read' : found.error]
  })
  const refused = {
    code: 'spool-too-large',
    message: `${path.join(spool, '2')} is refused: the requests of a session may have 8000000 bytes together`,
  }
  expect(read).toEqual([
    ['1', 'read'],
    ['2', refused],
    ['3', 'read'],
    ['4', expect.objectContaining({ code: 'spool-too-large' })],
  ])
  const other = path.join(dir, 'other', session)
  fs.mkdirSync(path.dirname(other), { mode: 0o700 })
  expect(leaveRequest(other, uid, { reason: 'x'.repeat(8_000_000) })).toMatchObject({
    ok: false,
    error: { code: 'spool-too-large' },
  })
  expect(fs.existsSync(other)).toBe(false)
})

test('all of it can be taken away unread', () => {
  for (let n = 0; n < 60; n++) fs.writeFileSync(path.join(spool, String(n)), 'no request')
  fs.mkdirSync(path.join(spool, 'tree'))
  fs.symlinkSync(precious, path.join(spool, 'link'))
  const before = all()
  expect(dropFlood(spool, uid)).toBe(false)
  expect(dropSpool(spool, uid)).toBe(62)
  expect(fs.readdirSync(spool)).toEqual([])
  expect(dropSpool(spool, uid)).toBe(0)
  expect(all()).toEqual(before)
})

test.each(['', '.'])('more than a session leaves (%j) goes at once, and is not followed', (dot) => {
  for (let n = 0; n < 70; n++) fs.symlinkSync(precious, path.join(spool, `${dot}${n}`))
  const before = all()
  expect(readSpool(spool, uid).length).toBeLessThanOrEqual(64)
  expect(dropFlood(spool, uid)).toBe(true)
  expect(fs.existsSync(spool)).toBe(false)
  expect(readSpool(spool, uid)).toEqual([])
  expect(dropFlood(spool, uid)).toBe(false)
  expect(leaveRequest(spool, uid, { reason: 'x' })).toEqual({ ok: true, value: true })
  for (let n = 0; n < 70; n++) fs.writeFileSync(path.join(spool, String(n)), 'no request')
  expect(dropSpool(spool, uid)).toBe(65)
  expect(fs.existsSync(spool)).toBe(false)
  expect(all()).toEqual(before)
})

test('a spool is closed when it is empty, and only then', () => {
  fs.writeFileSync(path.join(spool, 'text'), '{}')
  closeSpool(spool, uid)
  expect(fs.readdirSync(spool)).toEqual(['text'])
  fs.rmSync(path.join(spool, 'text'))
  closeSpool(spool, uid)
  closeSpool(spool, uid)
  expect(fs.existsSync(spool)).toBe(false)
})

test('words about a refused file name the spool, as the person knows it', () => {
  fs.mkdirSync(path.join(spool, 'tree'))
  const [found] = readSpool(spool, uid)
  expect(found?.content()).toMatchObject({
    ok: false,
    error: { message: `${path.join(spool, 'tree')} is not a regular file` },
  })
})

test.each([
  ['written by others', () => fs.chmodSync(spool, 0o777)],
  ['below a directory that others write', () => fs.chmodSync(path.dirname(spool), 0o777)],
])('a spool %s is none', (_what, prepare) => {
  fs.writeFileSync(path.join(spool, 'text'), '{}')
  prepare()
  expect(readSpool(spool, uid)).toEqual([])
})
