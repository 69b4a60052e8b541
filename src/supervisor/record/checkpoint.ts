import fs from 'node:fs'
import path from 'node:path'
import { type Sha256, sha256 } from '../../base/hash.ts'
import { isObject } from '../../base/json.ts'
import { keep, unkeep } from '../../base/keep.ts'
import { readTextSafe } from '../../base/read-file.ts'
import type { BatchEvent } from './events.ts'
import type { BatchState } from './state.ts'

/*
 * What a long ledger comes to, kept beside it:   <sha256 of the rest>⏎{"fold":…,"mark":{…},"state":…}
 * It only saves time, and only those read it who look: whoever acts, or vouches for what happened, reads the ledger from its first
 * byte. Anything that does not fit makes the others do so too.
 */

/** The digest of the source of the fold, from the bundler: what another program made of these events says nothing. */
declare const BATCH_FOLD: string | undefined
const fold = typeof BATCH_FOLD === 'string' ? BATCH_FOLD : 'source'

/** So many events are folded in a few milliseconds. */
export const CHECKPOINT_EVERY = 250
const MAX_BYTES = 64 * 1024 * 1024

/** The line of a ledger that a state stands for, with everything before it. */
export interface Mark {
  /** Byte at which it begins. */
  readonly start: number
  readonly seq: number
  readonly prev: string
  readonly hash: Sha256
}

/** The mark of the last event in these bytes, which ends where `end` says; `before`: bytes of the file that stand before them. */
export function markOf({ seq, prev, hash }: BatchEvent, bytes: Buffer, end: number, before = 0): Mark {
  // Without the line feed at its end, which a cut may have taken.
  return { start: before + bytes.lastIndexOf(10, end - 2) + 1, seq, prev, hash }
}

export interface Checkpoint {
  readonly mark: Mark
  readonly state: BatchState
}

/** Null: there is none, or none of this version. Whether the ledger has that line is still to be seen. */
export function readCheckpoint(ledger: string): Checkpoint | null {
  const read = readTextSafe(checkpointFile(ledger), { maxBytes: MAX_BYTES })
  if (!read.ok || read.value[64] !== '\n') return null
  const body = read.value.slice(65)
  if (sha256(body) !== read.value.slice(0, 64)) return null
  try {
    const value = unkeep(body)
    const isOurs =
      isObject(value) && value['fold'] === fold && isObject(value['mark']) && isObject(value['state'])
    return isOurs ? (value as unknown as Checkpoint) : null
  } catch {
    return null
  }
}

/** Leaves a checkpoint. Failing costs time only, so it says nothing and needs no fsync: a torn one does not fit its hash. */
export function writeCheckpoint(ledger: string, { mark, state }: Checkpoint): void {
  const file = checkpointFile(ledger)
  try {
    const body = keep<{ fold: string } & Checkpoint>({ fold, mark, state })
    fs.rmSync(`${file}.new`, { force: true })
    // `wx`: whatever stands there, it is never opened and waited for.
    fs.writeFileSync(`${file}.new`, `${sha256(body)}\n${body}`, { mode: 0o600, flag: 'wx' })
    fs.renameSync(`${file}.new`, file)
  } catch {
    fs.rmSync(`${file}.new`, { force: true })
  }
}

const checkpointFile = (ledger: string): string => path.join(path.dirname(ledger), 'checkpoint')
