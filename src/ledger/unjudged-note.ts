import fs from 'node:fs'
import { type Sha256, sha256 } from '../base/hash.ts'
import { readFileSafe } from '../base/read-file.ts'
import type { SessionPaths } from './paths.ts'

/** What ended a stop without a verdict while no node process could write the ledger. */
export interface UnjudgedNote {
  readonly why: string
  /** Of the note and its time: the same note is never written into a ledger twice. */
  readonly id: Sha256
}

const maxBytes = 64 * 1024

/**
 * Reads what the shim or the guard of the deadline left: a line per stop that ended without the program. Undefined
 * without a note, or with one that cannot be read.
 */
export function readUnjudgedNote(paths: SessionPaths): UnjudgedNote | undefined {
  const stat = fs.lstatSync(paths.unjudgedNote, { throwIfNoEntry: false, bigint: true })
  if (!stat?.isFile()) return undefined
  const bytes = readFileSafe(paths.unjudgedNote, { maxBytes })
  if (!bytes.ok) return undefined
  const lines = bytes.value.toString('utf8').split('\n').filter(Boolean)
  const times = lines.length > 1 ? `, the last of ${lines.length} such stops` : ''
  const at = new Date(Number(stat.mtimeMs)).toISOString()
  return {
    why: `${(lines.at(-1) ?? '').slice(0, 1000)} (at ${at}${times})`,
    id: sha256(`${stat.mtimeNs}\0${bytes.value.toString('latin1')}`),
  }
}

/** Too large or unreadable as well: it must not lie there for ever. */
export function removeUnjudgedNote(paths: SessionPaths): void {
  fs.rmSync(paths.unjudgedNote, { recursive: true, force: true })
}
