import fs from 'node:fs'
import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'
import { syncDirectory, writeFileWhole } from '../../base/write-file.ts'
import type { OwnRepository } from './types.ts'

/** A work tree of the person's whose files move. */
export interface LandTree {
  readonly top: string
  readonly gitDir: string
}

/** A landing that was begun. It is on disk before anything of the person's is written. */
export interface Journal {
  readonly target: string
  readonly expected: string
  readonly head: string
  readonly trees: readonly LandTree[]
  /** Stands in the locks of the indexes. */
  readonly token: string
  /** `begun`: nothing was written but locks. `stuck`: files could not be brought back. */
  readonly phase: 'begun' | 'moving' | 'stuck'
}

const fileOf = (own: OwnRepository): string => path.join(own.data, 'landing.json')

export function readJournal(own: OwnRepository): Journal | null {
  const read = readTextSafe(fileOf(own), { maxBytes: 1 << 20 })
  return read.ok ? (JSON.parse(read.value) as Journal) : null
}

/** Throws what the file system says. */
export function writeJournal(own: OwnRepository, journal: Journal): void {
  writeFileWhole(fileOf(own), JSON.stringify(journal))
}

export function removeJournal(own: OwnRepository): void {
  fs.rmSync(fileOf(own), { force: true })
  syncDirectory(own.data)
}
