import crypto from 'node:crypto'
import { type Sha256, sha256 } from '../base/hash.ts'
import { type JsonObject, isObject } from '../base/json.ts'
import { modernEvent } from './before-04.ts'
import type { LedgerEvent, NewEvent } from './events.ts'
import { shapeProblem } from './shape.ts'

/** One line of any such file. `hash` is the SHA-256 of the line's JSON without `hash`; `prev` the hash of the line before ('' for the first). */
export interface ChainRecord {
  readonly seq: number
  readonly at: number
  readonly type: string
  readonly data: unknown
  readonly prev: string
  readonly hash: Sha256
}

/** What is to become a line. */
export type NewRecord = Pick<ChainRecord, 'type' | 'data'>

/*
 * ledger.jsonl:   {"seq":1,…,"prev":"","hash":"…"}⏎ {"seq":2,…}⏎ {"seq":3,"ty        <- torn: a write was cut short
 *                                                               ⏎ {"seq":3,"type":"repaired",…}⏎ {"seq":4,…}⏎
 * A record ends with its newline, so what a crash leaves behind it never harms it; after a torn tail the next write begins
 * with a newline, so it is not swallowed either. The torn bytes stay, and the `repaired` event after them names their
 * number and digest: nothing in this file is ever taken back.
 */

/** Where a verified stretch of the file ends. */
export interface Position {
  readonly bytes: number
  readonly seq: number
  readonly head: string
  /** The last record has its newline. Without it the record counts, and the next write begins with one. */
  readonly ended: boolean
}

export interface Torn {
  readonly bytes: number
  readonly sha256: Sha256
}

export const beginning: Position = { bytes: 0, seq: 0, head: '', ended: true }

/** How far a file holds together. */
export type Chain =
  /** `at` is the end of the file. */
  | { readonly state: 'intact'; readonly at: Position }
  /** The last write was cut short; `at` is where it began, `torn` what must be said in the `repaired` event. */
  | { readonly state: 'torn-tail'; readonly at: Position; readonly torn: Torn }
  /** No crash does this. `at` is the end of what holds, `seq` the number that should have followed. */
  | { readonly state: 'broken'; readonly at: Position; readonly seq: number; readonly why: string }

const newline = 10
const hashMember = Buffer.from(',"hash":"')
/** The hash member with 64 hex digits and the closing brace. */
const tailLength = hashMember.length + 66

/** As encodeRecords, for the ledger of runs. */
export function encodeEvents(
  at: Position,
  torn: Torn | null,
  time: number,
  events: readonly NewEvent[],
): { bytes: Buffer; events: readonly LedgerEvent[] } {
  return encodeRecords(at, torn, time, events) as { bytes: Buffer; events: readonly LedgerEvent[] }
}

/** Bytes to append to the file, and the records as a later reader will see them: first the repair of torn bytes, if any. */
export function encodeRecords(
  at: Position,
  torn: Torn | null,
  time: number,
  events: readonly NewRecord[],
): { bytes: Buffer; events: readonly ChainRecord[] } {
  const repair: readonly NewRecord[] = torn ? [{ type: 'repaired', data: torn }] : []
  let { seq, head } = at
  let text = torn || !at.ended ? '\n' : ''
  const written: ChainRecord[] = []
  for (const { type, data } of [...repair, ...events]) {
    seq += 1
    const open = JSON.stringify({ seq, at: time, type, data, prev: head })
    head = sha256(open)
    const line = `${open.slice(0, -1)},"hash":"${head}"}`
    text += `${line}\n`
    written.push(JSON.parse(line) as ChainRecord)
  }
  return { bytes: Buffer.from(text, 'utf8'), events: written }
}

/** As readRecords, for the ledger of runs. */
export function readChain(file: Buffer, from: Position, each: (event: LedgerEvent) => void): Chain {
  return readRecords(file, from, shapeProblem, (record) => each(modernEvent(record as LedgerEvent)))
}

/**
 * Reads and verifies what follows `from`, a position whose last record is ended, and hands over each record that holds.
 * One hash over the raw bytes and one JSON.parse per record. The buffer is used as scratch space and left as it was.
 * `problemOf`: what keeps a reader from relying on a record of this type; null when nothing does.
 */
export function readRecords(
  file: Buffer,
  from: Position,
  problemOf: (type: unknown, data: unknown) => string | null,
  each: (record: ChainRecord) => void,
): Chain {
  let at: Position = from
  let tear: { start: number; end: number } | null = null
  const broken = (why: string): Chain => ({ state: 'broken', at, seq: at.seq + 1, why })

  while (at.bytes < file.length) {
    const start: number = tear ? tear.end + 1 : at.bytes
    const end = lineEnd(file, start)
    const record = parseRecord(file, start, end)
    if (record === 'damaged') return broken('the record is damaged')
    if (record === 'incomplete') {
      const repair = findRepair(file, start)
      if (repair === 'none-but-records')
        return broken('bytes that are not a record stand before further records')
      if (repair === 'end-of-file') return { state: 'torn-tail', at, torn: digest(file, start, file.length) }
      tear = { start, end: repair }
      continue
    }
    if (record['seq'] !== at.seq + 1) return broken(`its number is ${JSON.stringify(record['seq'])}`)
    if (record['prev'] !== at.head) return broken('it does not follow from the record before it')
    if (record['hash'] !== hashOf(file, start, end)) return broken('its content does not match its hash')
    if (typeof record['at'] !== 'number') return broken('it has no time')
    const problem = problemOf(record['type'], record['data'])
    if (problem) return broken(problem)
    const event = record as unknown as ChainRecord
    if ((event.type === 'repaired') !== (tear !== null) || (tear && !names(event, file, tear)))
      return broken('a repair and the torn bytes it names do not belong together')
    tear = null
    each(event)
    at = { bytes: Math.min(end + 1, file.length), seq: event.seq, head: event.hash, ended: end < file.length }
  }
  return { state: 'intact', at }
}

/**
 * A complete record; or `incomplete`, as a write that was cut short leaves it; or `damaged`: it ends as a record does
 * and cannot be read.
 */
function parseRecord(file: Buffer, start: number, end: number): JsonObject | 'incomplete' | 'damaged' {
  if (!endsAsRecord(file, start, end)) return 'incomplete'
  try {
    const value: unknown = JSON.parse(file.toString('utf8', start, end))
    return isObject(value) ? value : 'damaged'
  } catch {
    return 'damaged'
  }
}

function endsAsRecord(file: Buffer, start: number, end: number): boolean {
  const tail = end - tailLength
  if (tail <= start || file[end - 1] !== 0x7d || file[end - 2] !== 0x22) return false
  if (file.compare(hashMember, 0, hashMember.length, tail, tail + hashMember.length) !== 0) return false
  return file.indexOf(0x22, tail + hashMember.length) === end - 2
}

/** The newline before the record that repairs the tear at `start`; it may be any, as garbage may hold newlines. */
function findRepair(file: Buffer, start: number): number | 'end-of-file' | 'none-but-records' {
  let records = false
  for (let at = lineEnd(file, start); at < file.length; at = lineEnd(file, at + 1)) {
    const record = parseRecord(file, at + 1, lineEnd(file, at + 1))
    if (record === 'incomplete') continue
    records = true
    if (record !== 'damaged' && record['type'] === 'repaired' && names(record, file, { start, end: at }))
      return at
  }
  return records ? 'none-but-records' : 'end-of-file'
}

function names(
  record: { readonly data?: unknown },
  file: Buffer,
  tear: { readonly start: number; readonly end: number },
): boolean {
  const { data } = record
  if (!isObject(data) || data['bytes'] !== tear.end - tear.start) return false
  return data['sha256'] === digest(file, tear.start, tear.end).sha256
}

function digest(file: Buffer, start: number, end: number): { bytes: number; sha256: Sha256 } {
  return { bytes: end - start, sha256: sha256(file.subarray(start, end)) }
}

/** Hash of the record without its `hash` member: the comma before it becomes the closing brace for a moment. */
function hashOf(file: Buffer, start: number, end: number): string {
  const comma = end - tailLength
  file[comma] = 0x7d
  // Half the time of createHash, which matters at thousands of records.
  const hash = crypto.hash('sha256', file.subarray(start, comma + 1))
  file[comma] = 0x2c
  return hash
}

function lineEnd(file: Buffer, from: number): number {
  const end = file.indexOf(newline, from)
  return end < 0 ? file.length : end
}
