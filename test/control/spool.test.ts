import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { dropSpooled, readSpool } from '../../src/control/spool.ts'

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
