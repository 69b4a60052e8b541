import fs from 'node:fs'
import path from 'node:path'
import { isObject } from '../../base/json.ts'
import { readFileSafe } from '../../base/read-file.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { syncDirectory, writeFileWhole } from '../../base/write-file.ts'
import { type Position, type Torn, beginning, encodeRecords, readRecords } from '../../ledger/chain.ts'
import { CHECKPOINT_EVERY, type Mark, markOf, writeCheckpoint } from './checkpoint.ts'
import type { BatchEvent, BatchEventType, NewBatchEvent } from './events.ts'
import { addEvent } from './fold.ts'
import type { BatchState } from './state.ts'
import { batchStep } from '../step.ts'

const MAX_BYTES = 1 << 30
/** Kept beside the ledger for the last event on a full disk. */
const RESERVE_BYTES = 1 << 16

/** Every type of event, as this version knows them. */
export const batchEventTypes: Readonly<Record<BatchEventType, true>> = {
  'batch-opened': true,
  started: true,
  checked: true,
  'config-amended': true,
  adopted: true,
  looked: true,
  'item-edited': true,
  'item-accepted': true,
  'item-rejected': true,
  'proposal-settled': true,
  'attempt-opened': true,
  'worktree-ready': true,
  'plan-begun': true,
  planned: true,
  'plan-review-begun': true,
  'plan-reviewed': true,
  'plan-settled': true,
  'turn-begun': true,
  conversation: true,
  'turn-ended': true,
  'agent-changed': true,
  candidate: true,
  findings: true,
  conflict: true,
  judged: true,
  'review-begun': true,
  reviewed: true,
  'review-settled': true,
  integrating: true,
  integrated: true,
  'attempt-ending': true,
  'attempt-ended': true,
  'item-parked': true,
  'item-dropped': true,
  'item-retried': true,
  'item-reopened': true,
  'backed-off': true,
  halted: true,
  late: true,
  rested: true,
  taking: true,
  taken: true,
  landed: true,
  pushing: true,
  'pull-request': true,
  published: true,
  repaired: true,
}

/** What keeps this version from relying on an event of this type; null when nothing does. */
export function shapeOf(type: unknown, data: unknown): string | null {
  if (typeof type !== 'string' || !Object.hasOwn(batchEventTypes, type))
    return `events of type ${JSON.stringify(type)} are unknown to this version`
  return isObject(data) ? null : 'its data is not an object'
}

export interface ReadBatch {
  /** Null: no event yet. */
  readonly state: BatchState | null
  readonly at: Position
  readonly torn: Torn | null
  /** The last event; null: no event yet. */
  readonly mark: Mark | null
}

/** Reads, verifies and folds a batch's ledger. `each` is told of every event. Codes: batch-broken (data: seq), batch-missing. */
export function readBatch(file: string, each: (event: BatchEvent) => void = () => {}): Result<ReadBatch> {
  const read = readBatchSoFar(file, each)
  if (!read.ok || read.value.broken === null) return read
  const seq = read.value.at.seq + 1
  return fail('batch-broken', `event ${seq} of ${file}: ${read.value.broken}`, { data: { seq } })
}

/** The same up to where it breaks: `broken` says why it does, null that it does not. Codes: batch-broken, where it cannot be read. */
export function readBatchSoFar(
  file: string,
  each: (event: BatchEvent) => void,
): Result<ReadBatch & { readonly broken: string | null }> {
  const read = readFileSafe(file, { maxBytes: MAX_BYTES })
  if (!read.ok && read.error.code === 'missing')
    return ok({ state: null, at: beginning, torn: null, mark: null, broken: null })
  if (!read.ok) return fail('batch-broken', read.error.message)
  let state: BatchState | null = null
  let last: BatchEvent[] = []
  const chain = readRecords(read.value, beginning, shapeOf, (record) => {
    const event = record as BatchEvent
    each(event)
    state = addEvent(state, event)
    last = [event]
  })
  return ok({
    state,
    at: chain.at,
    torn: chain.state === 'torn-tail' ? chain.torn : null,
    mark: last[0] === undefined ? null : markOf(last[0], read.value, chain.at.bytes),
    broken: chain.state === 'broken' ? chain.why : null,
  })
}

/** The ledger of an open batch, which only the process with the lock may have. */
export interface BatchLedger {
  readonly state: () => BatchState
  /**
   * Written and on the disk when it returns; events of an attempt that is over are replaced by `late`. Throws what the disk says, and
   * from then on always: what is not on record is not done.
   */
  readonly append: (...events: readonly NewBatchEvent[]) => BatchState
  /** After a failure of the disk: one more event, for which room was kept. False: not even that could be written. */
  readonly appendLast: (event: NewBatchEvent) => boolean
  /** Told of every event from now on, besides `seen`. */
  readonly hear: (listener: (event: BatchEvent) => void) => void
  readonly close: () => void
}

/**
 * Opens it for writing; `first` opens the batch where there is none yet. `seen` is told of every event that is written. `earlier`: what
 * this process has read since it has the lock, so that a long one is not read twice.
 */
export function openBatchLedger(
  file: string,
  clock: () => number,
  first: NewBatchEvent | null,
  seen: (event: BatchEvent) => void,
  earlier: ReadBatch | null = null,
): Result<BatchLedger> {
  const read = earlier === null ? readBatch(file) : ok(earlier)
  if (!read.ok) return read
  let { state, at, torn } = read.value
  let failure: unknown = null
  let checkpointed = 0
  const listeners: ((event: BatchEvent) => void)[] = []
  const reserve = path.join(path.dirname(file), 'reserve')
  let fd: number
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = fs.constants
    fd = fs.openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600)
    if (!fs.existsSync(reserve)) writeFileWhole(reserve, Buffer.alloc(RESERVE_BYTES, 'r'))
    syncDirectory(path.dirname(file))
  } catch (error) {
    return fail('batch-unwritable', `${file} could not be written: ${systemWords(error)}`)
  }
  const append = (...events: readonly NewBatchEvent[]): BatchState => {
    if (failure !== null) throw failure
    const encoded = encodeRecords(
      at,
      torn,
      clock(),
      events.map((event) => inTime(state, event)),
    )
    batchStep('ledger')
    let before = 0
    try {
      before = writeWhole(fd, encoded.bytes)
    } catch (error) {
      failure = error
      throw error
    }
    torn = null
    for (const record of encoded.events) {
      const event = record as BatchEvent
      state = addEvent(state, event)
      at = { bytes: 0, seq: event.seq, head: event.hash, ended: true }
      seen(event)
    }
    // Once all of them are in the state.
    for (const listener of listeners) for (const record of encoded.events) listener(record as BatchEvent)
    batchStep('ledger')
    const last = encoded.events.at(-1) as BatchEvent | undefined
    const isDue = at.seq - checkpointed >= CHECKPOINT_EVERY || (last?.type === 'rested' && checkpointed > 0)
    if (state !== null && last !== undefined && isDue) {
      checkpointed = at.seq
      writeCheckpoint(file, { mark: markOf(last, encoded.bytes, encoded.bytes.length, before), state })
    }
    return mustBeOpen(state)
  }
  const appendLast = (event: NewBatchEvent): boolean => {
    try {
      fs.rmSync(reserve, { force: true })
      failure = null
      append(event)
      return true
    } catch {
      return false
    }
  }
  if (state === null && first !== null) append(first)
  if (state === null) {
    fs.closeSync(fd)
    return fail('batch-missing', `${file} holds no batch`)
  }
  return ok({
    state: () => mustBeOpen(state),
    append,
    appendLast,
    hear: (listener) => void listeners.push(listener),
    close: () => fs.closeSync(fd),
  })
}

/** All of it or, where the disk fails, nothing: a part would look like a crash. Gives the size before. */
function writeWhole(fd: number, bytes: Buffer): number {
  const { size } = fs.fstatSync(fd)
  try {
    for (let done = 0; done < bytes.length;) done += fs.writeSync(fd, bytes, done)
    fs.fsyncSync(fd)
    return size
  } catch (error) {
    fs.ftruncateSync(fd, size)
    throw error
  }
}

/** Whoever comes late comes from an attempt that is over. */
function inTime(state: BatchState | null, event: NewBatchEvent): NewBatchEvent {
  const fence = event.type === 'attempt-opened' || event.type === 'backed-off' ? null : fenceOf(event)
  if (fence === null || state === null || state.attempts.has(fence)) return event
  return { type: 'late', data: { type: event.type, fence } }
}

function fenceOf({ data }: NewBatchEvent): number | null {
  return 'fence' in data ? data.fence : null
}

function mustBeOpen(state: BatchState | null): BatchState {
  if (state === null) throw new Error('the batch has no events')
  return state
}
