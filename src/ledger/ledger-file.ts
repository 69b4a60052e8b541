import fs from 'node:fs'
import path from 'node:path'
import { errno, readFileSafe } from '../base/read-file.ts'
import { systemWords } from '../base/system-words.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { syncDirectory } from '../base/write-file.ts'
import { type Chain, type Position, type Torn, beginning, encodeEvents, readChain } from './chain.ts'
import type { LedgerEvent, NewEvent } from './events.ts'
import { checkpointEvery, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { emptyState, fold, startFold } from './fold.ts'
import { brokenRecordFix } from './paths.ts'
import type { LedgerState } from './state.ts'
import { step } from './step.ts'

const maxBytes = 512 * 1024 * 1024

/** A ledger file that holds together. A file that does not exist is an empty one. */
export interface Loaded {
  readonly exists: boolean
  readonly state: LedgerState
  /** Where the verified part ends and the next record goes. */
  readonly at: Position
  /** Bytes in the file, torn ones included. */
  readonly size: number
  readonly torn: Torn | null
  /** How many bytes of it rest on a checkpoint; 0 when all was verified. */
  readonly checkpointed: number
}

/** What was verified last in this process: a stop reads its ledger several times, and only what is new needs checking. */
let memo: { file: string; stat: string | null; bytes: Buffer; loaded: Loaded } | undefined

/**
 * Reads, verifies and folds. `whole` takes nothing on trust: neither a checkpoint nor what this process read before.
 * Codes: ledger-broken (data: seq, why).
 */
export function loadLedger(file: string, trust: 'checkpoint' | 'whole' = 'checkpoint'): Result<Loaded> {
  const stat = statOf(file)
  const known = trust === 'checkpoint' && memo?.file === file ? memo : undefined
  if (known && stat !== null && known.stat === stat) return ok(known.loaded)
  const read = readFileSafe(file, { maxBytes })
  if (!read.ok) {
    if (read.error.code === 'missing') return ok(nothing)
    return broken(file, 0, read.error.message)
  }
  const bytes = read.value
  const start = known && fits(known, bytes) ? known.loaded : null
  const checkpoint = start || trust === 'whole' ? null : readCheckpoint(file, bytes)
  const from = start ?? checkpoint ?? { at: beginning, state: emptyState }

  const folding = startFold(from.state)
  const chain = readChain(bytes, from.at, folding.add)
  if (chain.state === 'broken') return broken(file, chain.seq, chain.why)
  const loaded: Loaded = {
    exists: true,
    state: folding.state(),
    at: chain.at,
    size: bytes.length,
    torn: chain.state === 'torn-tail' ? chain.torn : null,
    checkpointed: start?.checkpointed ?? checkpoint?.at.bytes ?? 0,
  }
  // A file that was written to while it was read is read again the next time.
  memo = { file, stat: statOf(file) === stat ? stat : null, bytes, loaded }
  return ok(loaded)
}

const nothing: Loaded = {
  exists: false,
  state: emptyState,
  at: beginning,
  size: 0,
  torn: null,
  checkpointed: 0,
}

/**
 * Identity, size and times to the nanosecond of a regular file; null also when it was written to so lately that the
 * kernel's clock (4 ms) might not tell the next write from it.
 */
function statOf(file: string): string | null {
  try {
    const stat = fs.lstatSync(file, { bigint: true })
    const settled = Math.abs(Date.now() - Number(stat.ctimeMs)) > 50
    return stat.isFile() && settled
      ? [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join()
      : null
  } catch {
    return null
  }
}

function fits({ bytes: before, loaded: { at } }: NonNullable<typeof memo>, bytes: Buffer): boolean {
  return (
    at.ended && bytes.length >= at.bytes && bytes.subarray(0, at.bytes).equals(before.subarray(0, at.bytes))
  )
}

/** After a write: keeps the fold of a ledger that has grown long, for the processes to come. `before` is what it was. */
export function keepCheckpoint(file: string, before: Loaded): void {
  const size = fs.lstatSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size - before.checkpointed < checkpointEvery) return
  const loaded = loadLedger(file)
  if (loaded.ok && loaded.value.at.ended && memo?.loaded === loaded.value)
    writeCheckpoint(file, memo.bytes, loaded.value)
}

/** Every event of a ledger with its condition, for audit and status; verified from the first byte. Codes: those of readFileSafe. */
export function readEvents(
  file: string,
): Result<{ readonly events: readonly LedgerEvent[]; readonly chain: Chain }> {
  const read = readFileSafe(file, { maxBytes })
  if (!read.ok) return read
  const events: LedgerEvent[] = []
  const chain = readChain(read.value, beginning, (event) => events.push(event))
  return ok({ events, chain })
}

/**
 * Appends events in one write and waits until they are on the disk. Torn bytes before them are named by a `repaired`
 * event first. On failure what was written is taken back as far as possible. The caller holds the append lock and has
 * just loaded the file. Codes: ledger-write (data: errno).
 */
export function writeEvents(
  file: string,
  loaded: Loaded,
  time: number,
  events: readonly NewEvent[],
): Result<{ readonly events: readonly LedgerEvent[]; readonly state: LedgerState }> {
  const encoded = encodeEvents(loaded.at, loaded.torn, time, events)
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = fs.constants
  let fd: number | undefined
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    step('ledger:before-write')
    fd = fs.openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
    writeWhole(fd, encoded.bytes)
    step('ledger:after-write')
    fs.fsyncSync(fd)
    if (!loaded.exists) {
      syncDirectory(path.dirname(file))
      syncDirectory(path.dirname(path.dirname(file)))
    }
    step('ledger:after-sync')
    return ok({ events: encoded.events, state: fold(encoded.events, loaded.state) })
  } catch (error) {
    takeBack(fd, loaded.size)
    return fail('ledger-write', `${file} could not be written: ${systemWords(error)}`, {
      data: { errno: errno(error) },
    })
  } finally {
    if (fd !== undefined) fs.closeSync(fd)
  }
}

function writeWhole(fd: number, bytes: Buffer): void {
  let done = 0
  while (done < bytes.length) done += fs.writeSync(fd, bytes, done)
}

/** A full disk takes half a record; nobody was told of it yet, so it may go. If it cannot, the next append repairs it. */
function takeBack(fd: number | undefined, size: number): void {
  try {
    if (fd !== undefined && fs.fstatSync(fd).isFile()) fs.ftruncateSync(fd, size)
  } catch {
    // The torn tail stays and is named by the next append.
  }
}

function broken(file: string, seq: number, why: string): Result<never> {
  return fail('ledger-broken', `${file} is broken at record ${seq}: ${why}`, {
    fix: brokenRecordFix,
    data: { seq, why },
  })
}
