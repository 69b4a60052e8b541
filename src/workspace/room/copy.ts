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
 * Copies files and links of a tree to another, where nothing may stand in their place. No link is followed, on no way. What is
 * no file and no link, or is not there, is passed over. Gives what changed since `before` (milliseconds) or while it was
 * copied: that is not what was looked at. Throws what the file system says of the other tree (a full disk).
 */
export function copyFiles(from: string, to: string, paths: Iterable<string>, before: number): string[] {
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
      if (!copyOne(fsPath(place, name), fsPath(to, file), before - TICK_MS)) moved.push(file)
    }
  } finally {
    source.close()
  }
  return moved
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
