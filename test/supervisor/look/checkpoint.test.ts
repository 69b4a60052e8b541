import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sha256 } from '../../../src/base/hash.ts'
import { keep, unkeep } from '../../../src/base/keep.ts'
import { openBatchLedger, readBatch } from '../../../src/supervisor/record/batch-ledger.ts'
import { CHECKPOINT_EVERY } from '../../../src/supervisor/record/checkpoint.ts'
import type { NewBatchEvent } from '../../../src/supervisor/record/events.ts'
import { batchReader } from '../../../src/supervisor/record/read-on.ts'
import type { BatchState } from '../../../src/supervisor/record/state.ts'
import { itemOf, markdown } from '../../backlog/rig.ts'
import { openedWith } from '../opened.ts'

let dir = ''
let file = ''
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-checkpoint-'))
  file = path.join(dir, 'ledger.jsonl')
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

const first: NewBatchEvent = {
  type: 'batch-opened',
  data: openedWith([itemOf('001-a.md', markdown('scope: [src/a/**]'))]),
}
const looked = (nth: number): NewBatchEvent => ({
  type: 'looked',
  data: { item: '001', head: `h${nth}`, isMet: false },
})

/** A supervisor that writes so many events, most of them at once. */
function writes(events: readonly NewBatchEvent[]): void {
  const ledger = openBatchLedger(
    file,
    () => 1,
    first,
    () => {},
  )
  if (!ledger.ok) throw new Error(ledger.error.message)
  const most = Math.floor((events.length - 1) / CHECKPOINT_EVERY) * CHECKPOINT_EVERY
  if (most > 0) ledger.value.append(...events.slice(0, most))
  for (const event of events.slice(Math.max(0, most))) ledger.value.append(event)
  ledger.value.close()
}

const long = Array.from({ length: CHECKPOINT_EVERY + 3 }, (_, nth) => looked(nth))
const checkpoint = (): string => path.join(dir, 'checkpoint')

function whole(): BatchState {
  const read = readBatch(file)
  if (!read.ok || read.value.state === null) throw new Error(JSON.stringify(read))
  return read.value.state
}

/** What a look comes to, and the numbers of the events that it read. */
function looks(reader = batchReader(file, 'checkpoint')): { state: BatchState | null; read: number[] } {
  const read: number[] = []
  const state = reader.look((event) => read.push(event.seq))
  if (!state.ok) throw new Error(state.error.message)
  return { state: state.value, read }
}

/** A checkpoint that says it fits, with something else in it. */
function forge(change: (body: string) => string): void {
  const body = change(fs.readFileSync(checkpoint(), 'utf8').slice(65))
  fs.writeFileSync(checkpoint(), `${sha256(body)}\n${body}`)
}

describe('a long ledger', () => {
  test('is looked at from its checkpoint on, and comes to what all of it comes to', () => {
    writes(long)
    const { state, read } = looks()
    expect(state).toEqual(whole())
    expect(read).toEqual([CHECKPOINT_EVERY + 2, CHECKPOINT_EVERY + 3, CHECKPOINT_EVERY + 4])
  })

  test('has a checkpoint of its last event once it rests, and gets one from the next process if it has none', () => {
    writes([...long, { type: 'rested', data: { state: 'completed' } }])
    expect(looks()).toEqual({ state: whole(), read: [] })
    fs.rmSync(checkpoint())
    writes([looked(1)])
    expect(looks()).toEqual({ state: whole(), read: [] })
  })

  test('a short one has none', () => {
    writes([...long.slice(0, 10), { type: 'rested', data: { state: 'completed' } }])
    expect(fs.readdirSync(dir).sort()).toEqual(['ledger.jsonl', 'reserve'])
  })

  test('a disk that refuses the checkpoint costs nothing but time', () => {
    fs.mkdirSync(path.join(dir, 'checkpoint/in-the-way'), { recursive: true })
    writes(long)
    expect(looks().state).toEqual(whole())
    expect(fs.readdirSync(dir).sort()).toEqual(['checkpoint', 'ledger.jsonl', 'reserve'])
  })
})

const odd: readonly (readonly [string, () => void])[] = [
  ['gone', () => fs.rmSync(checkpoint())],
  ['empty', () => fs.writeFileSync(checkpoint(), '')],
  ['half', () => fs.truncateSync(checkpoint(), 500)],
  [
    'edited',
    () => {
      const text = fs.readFileSync(checkpoint(), 'utf8')
      const edited = text.replace('"isMet":false', '"isMet":true')
      expect(edited).not.toBe(text)
      fs.writeFileSync(checkpoint(), edited)
    },
  ],
  ['of another fold', () => forge((body) => body.replace('"fold":"source"', '"fold":"0"'))],
  ['no object', () => forge(() => '[]')],
  ['no JSON', () => forge(() => '{')],
  ['without its members', () => forge(() => '{"fold":"source"}')],
  ['of another line', () => forge((body) => body.replace(/"start":\d+/, '"start":0'))],
  [
    'of a byte inside a line',
    () => forge((body) => body.replace(/"start":(\d+)/, (_, at) => `"start":${Number(at) + 3}`)),
  ],
  ['beyond the end', () => forge((body) => body.replace(/"start":\d+/, '"start":999999'))],
  [
    'of another number',
    () => forge((body) => body.replace(/"mark":\{"start":(\d+),"seq":\d+/, '"mark":{"start":$1,"seq":7')),
  ],
  ['of another hash', () => forge((body) => body.replace(/("mark":[^}]*"hash":")[0-9a-f]{4}/, '$10000'))],
  [
    'a link',
    () => {
      fs.renameSync(checkpoint(), `${checkpoint()}.2`)
      fs.symlinkSync(`${checkpoint()}.2`, checkpoint())
    },
  ],
]
test.each(odd)('a checkpoint that is %s is passed over', (_name, spoil) => {
  writes(long)
  spoil()
  const { state, read } = looks()
  expect(state).toEqual(whole())
  expect(read).toHaveLength(CHECKPOINT_EVERY + 4)
})

test('a ledger of another batch beside it is read whole', () => {
  writes(long)
  const other = fs.readFileSync(checkpoint())
  fs.rmSync(dir, { recursive: true })
  fs.mkdirSync(dir)
  writes([...long.slice(0, -1), looked(-1)].map((event, nth) => (nth === 4 ? looked(99) : event)))
  fs.writeFileSync(checkpoint(), other)
  expect(looks().state).toEqual(whole())
})

describe('while it is written to', () => {
  test('each look is told of what is new, wherever the last line is cut', () => {
    writes(long.slice(0, 3))
    const bytes = fs.readFileSync(file)
    fs.writeFileSync(file, '')
    const reader = batchReader(file, 'beginning')
    const seen: number[] = []
    for (let end = 0; end <= bytes.length; end += 7) {
      fs.writeFileSync(file, bytes.subarray(0, end))
      const { state, read } = looks(reader)
      seen.push(...read)
      expect(state?.seq ?? 0).toBe(seen.length)
    }
    fs.writeFileSync(file, bytes)
    seen.push(...looks(reader).read)
    expect(seen).toEqual([1, 2, 3, 4])
  })

  test('a line that a crash cut short is passed over, and the one that says so is read', () => {
    writes(long)
    const reader = batchReader(file, 'checkpoint')
    const before = looks(reader).state
    fs.appendFileSync(file, '{"seq":2')
    expect(looks(reader)).toEqual({ state: before, read: [] })
    expect(looks().state).toEqual(before)
    writes([looked(1), looked(2)])
    expect(looks(reader).read).toEqual([CHECKPOINT_EVERY + 5, CHECKPOINT_EVERY + 6, CHECKPOINT_EVERY + 7])
    expect(looks(reader).state).toEqual(whole())
    expect(looks().state).toEqual(whole())
  })

  test('one that does not hold together is told as such, also behind the checkpoint', () => {
    writes(long)
    fs.appendFileSync(file, '{"seq":1}\n{"seq":2,"hash":"' + 'a'.repeat(64) + '"}\n')
    const state = batchReader(file, 'checkpoint').look()
    expect(state).toMatchObject({ ok: false, error: { code: 'batch-broken' } })
  })
})

test.each([
  ['plain values', { a: [1, 'b', null, true, { c: -0.5 }], '': {} }],
  [
    'maps',
    new Map<unknown, unknown>([
      [1, new Map([['a', []]])],
      ['1', { m: new Map() }],
    ]),
  ],
  ['odd names', JSON.parse('{"__proto__": {"constructor": 1}}')],
])('%s come back as they were', (_name, value) => {
  expect(unkeep(keep<unknown>(value))).toEqual(value)
})

test.each([
  ['a Set', { a: new Set([1]) }],
  ['a Date', [new Date(0)]],
  ['a function', { a: () => 1 }],
  ['a number that JSON has not', { a: Number.NaN }],
  ['a hole', { a: [undefined] }],
  ['an object of a class', { a: Buffer.from('a') }],
  ['a bigint', { a: 1n }],
])('%s is refused: it would come back as something else', (_name, value) => {
  expect(() => keep<unknown>(value)).toThrow(/cannot be kept/)
})
