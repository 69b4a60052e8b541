import fs from 'node:fs'
import { type Sha256, sha256 } from '../base/hash.ts'
import { readFileSafe } from '../base/read-file.ts'
import type { Hold } from './paths.ts'

/** What ended stops without a verdict while no node process could write the ledger. */
export interface UnjudgedNote {
  readonly why: string
  /** Of the note and its time: the same note is not written into a ledger twice. */
  readonly id: Sha256
}

const maxBytes = 1024 * 1024

export function hasUnjudgedNote(hold: Hold): boolean {
  return [hold.unjudgedNote, taken(hold)].some(
    (file) => fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined,
  )
}

/**
 * Takes what the shim or the guard of the deadline left, a line per stop that ended without the program: out of the way of
 * whoever writes the next line, and kept until `removeUnjudgedNote`. Undefined for what is no note. Throws errors of the system.
 */
export function takeUnjudgedNote(hold: Hold): UnjudgedNote | undefined {
  const file = taken(hold)
  // One that is left from a process that was killed comes first.
  if (!fs.existsSync(file)) fs.renameSync(hold.unjudgedNote, file)
  const stat = fs.lstatSync(file, { bigint: true })
  if (!stat.isFile()) return undefined
  const bytes = readFileSafe(file, { maxBytes })
  if (!bytes.ok) return note(`unreadable note: ${bytes.error.message}`, stat)
  const lines = bytes.value.toString('utf8').split('\n').filter(Boolean)
  const times = lines.length > 1 ? `${lines.length} stops: ` : ''
  return lines.length > 0 ? note(times + [...new Set(lines)].join('; ').slice(0, 1000), stat) : undefined
}

function note(why: string, { ino, mtimeMs, mtimeNs, size }: fs.BigIntStats): UnjudgedNote {
  return {
    why: `${why} (at ${new Date(Number(mtimeMs)).toISOString()})`,
    id: sha256(`${ino} ${mtimeNs} ${size}`),
  }
}

/** Of whatever kind it is: it must not lie there for ever. Throws errors of the system. */
export function removeUnjudgedNote(hold: Hold): void {
  fs.rmSync(taken(hold), { recursive: true, force: true })
}

const taken = (hold: Hold): string => `${hold.unjudgedNote}.taken`
