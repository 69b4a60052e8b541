import fs from 'node:fs'
import path from 'node:path'
import { errno } from '../../base/read-file.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { Directories, through } from './directories.ts'

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
}

/**
 * Copies files and links of a tree to another, where nothing may stand in their place. No link is followed, on no way. What is
 * no file and no link, or is not there, is passed over. Gives what changed since `before` or while it was copied. Throws what
 * the file system says of the other tree (a full disk).
 */
export function copyFiles({ from, to, before, isOfStart }: Copying, paths: Iterable<string>): string[] {
  const moved: string[] = []
  const made = new Set<string>([''])
  const source = new Directories(from)
  try {
    // A directory's files one after another: it is opened once.
    for (const file of [...paths].sort(byDirectory)) {
      const dir = path.posix.dirname(file)
      const place = source.reach(dir === '.' ? '' : dir)
      if (place === null) continue
      makeDirectory(to, dir === '.' ? '' : dir, made)
      const name = dir === '.' ? file : file.slice(dir.length + 1)
      const target = fsPath(to, file)
      if (!copyOne(fsPath(place, name), target, before - TICK_MS)) moved.push(file)
      else if (isOfStart(file)) makeOld(target)
    }
  } finally {
    source.close()
  }
  return moved
}

function makeOld(target: string | Buffer): void {
  try {
    fs.lutimesSync(target, START_SECONDS, START_SECONDS)
  } catch (error) {
    // Nothing was there to be copied.
    if (errno(error) !== 'ENOENT') throw error
  }
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

/** False: it is not what was looked at. */
function copyOne(file: string | Buffer, target: string | Buffer, before: number): boolean {
  let descriptor: number
  try {
    descriptor = fs.openSync(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
  } catch (error) {
    return errno(error) === 'ELOOP' ? copyLink(file, target) : true
  }
  try {
    const stat = fs.fstatSync(descriptor)
    if (!stat.isFile()) return true
    const mode = stat.mode & 0o100 ? 0o755 : 0o644
    if (stat.size < SMALL) fs.writeFileSync(target, fs.readFileSync(descriptor), { mode, flag: 'wx' })
    else {
      fs.copyFileSync(through(descriptor), target, fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE)
      fs.chmodSync(target, mode)
    }
    const after = fs.fstatSync(descriptor)
    return stat.ctimeMs < before && after.ctimeMs === stat.ctimeMs && after.size === stat.size
  } finally {
    fs.closeSync(descriptor)
  }
}

function copyLink(file: string | Buffer, target: string | Buffer): boolean {
  let text: Buffer
  try {
    text = fs.readlinkSync(file, { encoding: 'buffer' })
  } catch {
    return false
  }
  fs.symlinkSync(text, target)
  return true
}
