import fs from 'node:fs'
import path from 'node:path'
import { errno } from '../../base/read-file.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { copyLarge } from './copy-large.ts'
import { Directories } from './directories.ts'

const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants
/** Below this many bytes a file is written in one go. */
const SMALL = 1 << 18
/** The clock of a file system lags behind ours by a tick. Milliseconds. */
const TICK_MS = 20
/**
 * When the files of the start were changed last, as far as a room tells: seconds. Long before anything that a gate makes of them, and
 * the same in each room, so that tools which compare times (make, cargo) take what was made of them for fresh.
 */
export const START_SECONDS = 1_000_000_000

export interface Copying {
  readonly from: string
  readonly to: string
  /** Milliseconds: what changed since is not what was looked at. */
  readonly before: number
  /** Whether a file is as it was at the start; any other is as young as the copy. */
  readonly isOfStart: (file: string) => boolean
  /** Whether the look saw a file or link there. False where it did not look either. */
  readonly wasThere: (file: string) => boolean
}

export interface Copied {
  /** Changed since `before` or while it was copied, or gone: not what was looked at. */
  readonly moved: readonly string[]
  /** May be something else, because a directory came to its place meanwhile: only its content tells. */
  readonly doubtful: readonly string[]
}

/**
 * Copies files and links of a tree to another, where nothing may stand in their place. No link is followed, on no way. What is
 * no file and no link, or is not there, is passed over. Throws what the file system says of the other tree (a full disk).
 */
export function copyFiles(copying: Copying, paths: Iterable<string>): Copied {
  const { from, to, isOfStart, wasThere } = copying
  const before = copying.before - TICK_MS
  const moved: string[] = []
  const doubtful: string[] = []
  const made = new Set<string>([''])
  const source = new Directories(from, before)
  try {
    // A directory's files one after another: it is opened once.
    for (const file of [...paths].sort(byDirectory)) {
      const dir = path.posix.dirname(file)
      const reached = source.reach(dir === '.' ? '' : dir)
      if (reached === null) {
        if (wasThere(file)) moved.push(file)
        continue
      }
      makeDirectory(to, dir === '.' ? '' : dir, made)
      const name = dir === '.' ? file : file.slice(dir.length + 1)
      const target = fsPath(to, file)
      const came = copyOne(to, fsPath(reached.place, name), target, before)
      if (came === 'moved' || (came === 'none' && wasThere(file))) moved.push(file)
      if (came !== 'copied') continue
      if (isOfStart(file)) fs.lutimesSync(target, START_SECONDS, START_SECONDS)
      if (reached.isDoubtful) doubtful.push(file)
    }
  } finally {
    source.close()
  }
  return { moved, doubtful }
}

function byDirectory(a: string, b: string): number {
  const [one, other] = [path.posix.dirname(a), path.posix.dirname(b)]
  return one < other ? -1 : one > other ? 1 : a < b ? -1 : a > b ? 1 : 0
}

function makeDirectory(root: string, dir: string, made: Set<string>): void {
  if (made.has(dir)) return
  fs.mkdirSync(fsPath(root, dir), { recursive: true, mode: 0o755 })
  made.add(dir)
}

/** `none`: no file and no link is there. `closed`: one that nobody here may read. */
type Came = 'copied' | 'moved' | 'none' | 'closed'

function copyOne(to: string, file: string | Buffer, target: string | Buffer, before: number): Came {
  let descriptor: number
  try {
    descriptor = fs.openSync(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
  } catch (error) {
    if (errno(error) === 'ELOOP') return copyLink(file, target, before)
    return errno(error) === 'EACCES' ? 'closed' : 'none'
  }
  try {
    const stat = fs.fstatSync(descriptor)
    if (!stat.isFile()) return 'none'
    const mode = stat.mode & 0o100 ? 0o755 : 0o644
    if (stat.size < SMALL) fs.writeFileSync(target, fs.readFileSync(descriptor), { mode, flag: 'wx' })
    else copyLarge(to, descriptor, target, stat, mode)
    const after = fs.fstatSync(descriptor)
    const isSame = stat.ctimeMs < before && after.ctimeMs === stat.ctimeMs && after.size === stat.size
    return isSame ? 'copied' : 'moved'
  } finally {
    fs.closeSync(descriptor)
  }
}

function copyLink(file: string | Buffer, target: string | Buffer, before: number): Came {
  let text: Buffer
  try {
    text = fs.readlinkSync(file, { encoding: 'buffer' })
    if (fs.lstatSync(file).ctimeMs >= before) return 'moved'
  } catch {
    return 'moved'
  }
  fs.symlinkSync(text, target)
  return 'copied'
}
