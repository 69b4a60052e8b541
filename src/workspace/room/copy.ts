import fs from 'node:fs'
import { fsPath } from '../../evidence/path-text.ts'
import { CopyOne } from './copy-one.ts'
import { Directories } from './directories.ts'
import { STAT_BYTES } from './index-stat.ts'

/** The clock of a file system lags behind ours by a tick. Milliseconds. */
export const TICK_MS = 20

/** Plain data, as another thread takes it. */
export interface Copying {
  readonly from: string
  readonly to: string
  /** Milliseconds: what changed since is not what was looked at. */
  readonly before: number
}

/** What is copied. */
export interface CopyList {
  /** The files of each directory one after another: it is opened once. */
  readonly files: readonly string[]
  /** What is known of each of them: `OF_START`, `WAS_THERE`. */
  readonly known: Uint8Array
}

/** A file is as it was at the start; any other is as young as the copy. */
export const OF_START = 1
/** The look saw a file or link there. Not said where it did not look either. */
export const WAS_THERE = 2

export interface Copied {
  /** Changed since `before` or while they were copied, or gone: not what was looked at. */
  readonly moved: readonly string[]
  /** May be something else, because a directory came to its place meanwhile: only its content tells. */
  readonly doubtful: readonly string[]
  /** What git's index says of each file of the list, one after another; nothing but 0 of one that is not of the start or not there. */
  readonly stats: Uint8Array
}

/**
 * Copies files and links of a tree to another, where nothing may stand in their place. No link is followed, on no way. What is
 * no file and no link, or is not there, is passed over. Throws what the file system says of the other tree (a full disk).
 */
export function copyHere({ from, to, before: looked }: Copying, { files, known }: CopyList): Copied {
  const before = looked - TICK_MS
  const moved: string[] = []
  const doubtful: string[] = []
  const stats = new Uint8Array(files.length * STAT_BYTES)
  const made = new Set<string>([''])
  const source = new Directories(from, before)
  const one = new CopyOne(to, before)
  try {
    for (const [at, file] of files.entries()) {
      const flags = known[at]!
      const wasThere = (flags & WAS_THERE) !== 0
      const dir = directoryOf(file)
      const reached = source.reach(dir)
      if (reached === null) {
        if (wasThere) moved.push(file)
        continue
      }
      makeDirectory(to, dir, made)
      const place = fsPath(reached.place, dir === '' ? file : file.slice(dir.length + 1))
      const isOfStart = (flags & OF_START) !== 0
      const came = one.copy(place, fsPath(to, file), isOfStart)
      if (came === 'moved' || (came === 'none' && wasThere)) moved.push(file)
      if (came !== 'copied') continue
      if (isOfStart) stats.set(one.stat, at * STAT_BYTES)
      if (reached.isDoubtful) doubtful.push(file)
    }
  } finally {
    source.close()
  }
  return { moved, doubtful, stats }
}

/** `''` is the root. */
export function directoryOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')))
}

function makeDirectory(root: string, dir: string, made: Set<string>): void {
  if (made.has(dir)) return
  fs.mkdirSync(fsPath(root, dir), { recursive: true, mode: 0o755 })
  made.add(dir)
}
