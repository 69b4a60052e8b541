import fs from 'node:fs'
import path from 'node:path'
import { type Sha256, sha256 } from '../base/hash.ts'
import { isObject, parseJson } from '../base/json.ts'
import { readTextSafe } from '../base/read-file.ts'
import type { Position } from './chain.ts'
import type { LedgerState } from './state.ts'

/*
 * A long ledger's fold, kept beside it:   <sha256 of the rest>⏎{"v":…,"at":{…},"prefix":"<sha256 of the ledger's first bytes>","state":…}
 * It only saves time. One hash over the prefix shows that the ledger still begins as it did; anything that does not fit
 * makes the reader verify from the first byte. Whoever can write here can also write the ledger, but a forged ledger can
 * be seen later and a forged checkpoint could be removed again: so no release rests on it (see append).
 */

/** Any change of the fold's meaning needs a new number. */
const version = 8
/** Bytes of ledger that are verified anew at each reading before a checkpoint is worth a write. */
export const checkpointEvery = 512 * 1024

export interface Checkpoint {
  readonly at: Position
  readonly state: LedgerState
}

/** The checkpoint of this ledger, if it fits its bytes. */
export function readCheckpoint(ledger: string, bytes: Buffer): Checkpoint | null {
  if (bytes.length < checkpointEvery) return null
  const read = readTextSafe(checkpointFile(ledger), { maxBytes: 64 * 1024 * 1024 })
  if (!read.ok || read.value[64] !== '\n') return null
  const body = read.value.slice(65)
  if (sha256(body) !== read.value.slice(0, 64)) return null
  const json = parseJson(body, 'checkpoint')
  if (!json.ok || !isObject(json.value) || json.value['v'] !== version) return null
  if (!isObject(json.value['at']) || !isObject(json.value['state'])) return null
  const { at, prefix, state } = json.value as unknown as Checkpoint & { prefix: Sha256 }
  return at.bytes <= bytes.length && sha256(bytes.subarray(0, at.bytes)) === prefix ? { at, state } : null
}

/** Leaves a checkpoint. Failing costs time only, so it says nothing and needs no fsync: a torn one does not fit its hash. */
export function writeCheckpoint(ledger: string, bytes: Buffer, { at, state }: Checkpoint): void {
  const body = JSON.stringify({ v: version, at, prefix: sha256(bytes.subarray(0, at.bytes)), state })
  const file = checkpointFile(ledger)
  try {
    fs.rmSync(`${file}.new`, { force: true })
    // `wx`: whatever stands there, it is never opened and waited for.
    fs.writeFileSync(`${file}.new`, `${sha256(body)}\n${body}`, { mode: 0o600, flag: 'wx' })
    fs.renameSync(`${file}.new`, file)
  } catch {
    fs.rmSync(`${file}.new`, { force: true })
  }
}

/** Removes it; the ledger itself is what counts. */
export function dropCheckpoint(ledger: string): void {
  fs.rmSync(checkpointFile(ledger), { force: true })
}

function checkpointFile(ledger: string): string {
  return path.join(path.dirname(ledger), 'checkpoint')
}
