import fs from 'node:fs'
import path from 'node:path'
import { errno, readFileSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { syncDirectory } from '../base/write-file.ts'
import { type Chain, type Position, type Torn, beginning, encodeEvents, readChain } from './chain.ts'
import type { LedgerEvent, NewEvent } from './events.ts'
import { emptyState, fold } from './fold.ts'
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
}

/** What was verified last in this process: a stop reads its ledger several times, and only what is new needs checking. */
let memo: { file: string; bytes: Buffer; at: Position; state: LedgerState } | undefined

/** Reads, verifies and folds. Codes: ledger-broken (data: seq, why). */
export function loadLedger(file: string): Result<Loaded> {
  const read = readFileSafe(file, { maxBytes })
  if (!read.ok) {
    if (read.error.code === 'missing')
      return ok({ exists: false, state: emptyState, at: beginning, size: 0, torn: null })
    return broken(file, 0, read.error.message)
  }
  const bytes = read.value
  const known = memo?.file === file && startsWith(bytes, memo.bytes) ? memo : undefined
  const chain = readChain(bytes, known?.at)
  if (chain.state === 'broken') return broken(file, chain.seq, chain.why)
  const state = fold(chain.events, known?.state)
  if (chain.at.ended) memo = { file, bytes: bytes.subarray(0, chain.at.bytes), at: chain.at, state }
  const torn = chain.state === 'torn-tail' ? chain.torn : null
  return ok({ exists: true, state, at: chain.at, size: bytes.length, torn })
}

/** All events of a ledger with its condition, for audit and status; verified from the first byte. Codes: those of readFileSafe. */
export function readLedgerChain(file: string): Result<Chain> {
  const read = readFileSafe(file, { maxBytes })
  return read.ok ? ok(readChain(read.value)) : read
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
    return fail('ledger-write', `${file} could not be written: ${errno(error)}`, {
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

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.length >= prefix.length && bytes.subarray(0, prefix.length).equals(prefix)
}

function broken(file: string, seq: number, why: string): Result<never> {
  return fail('ledger-broken', `${file} is broken at record ${seq}: ${why}`, {
    fix: 'autonomous-loop doctor; a person sets the record aside with: autonomous-loop disable --force',
    data: { seq, why },
  })
}
