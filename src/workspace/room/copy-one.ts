import fs from 'node:fs'
import { errno } from '../../base/read-file.ts'
import { copyLarge } from './copy-large.ts'
import { STAT_BYTES, writeStat } from './index-stat.ts'

const { O_CREAT, O_EXCL, O_RDONLY, O_NONBLOCK, O_NOFOLLOW, O_WRONLY } = fs.constants
/** Below this many bytes a file is read and written in one go. */
const SMALL = 1 << 18
/**
 * When the files of the start were changed last, as far as a room tells: seconds. Long before anything that a gate makes of them, and
 * the same in each room, so that tools which compare times (make, cargo) take what was made of them for fresh.
 */
export const START_SECONDS = 1_000_000_000

/** `none`: no file and no link is there. `closed`: one that nobody here may read. */
type Came = 'copied' | 'moved' | 'none' | 'closed'

/** Copies one file after another into the tree `to`, in as few calls as do: there may be a hundred thousand. */
export class CopyOne {
  readonly #to: string
  /** Milliseconds: what changed since is not what was looked at. */
  readonly #before: number
  readonly #buffer = Buffer.allocUnsafeSlow(SMALL)
  /** Of the one that was copied last, if it is of the start: what git's index says of it. */
  readonly stat = Buffer.alloc(STAT_BYTES)

  constructor(to: string, before: number) {
    this.#to = to
    this.#before = before
  }

  copy(file: string | Buffer, target: string | Buffer, isOfStart: boolean): Came {
    let from: number
    try {
      from = fs.openSync(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
    } catch (error) {
      if (errno(error) === 'ELOOP') return this.#link(file, target, isOfStart)
      return errno(error) === 'EACCES' ? 'closed' : 'none'
    }
    try {
      return this.#file(from, target, isOfStart)
    } finally {
      fs.closeSync(from)
    }
  }

  #file(from: number, target: string | Buffer, isOfStart: boolean): Came {
    const read = readInto(this.#buffer, from)
    // No program sets a change time back, so one look after it was read tells of all that was written since.
    const stat = fs.fstatSync(from)
    if (!stat.isFile()) return 'none'
    if (typeof read !== 'number') throw read
    if (stat.ctimeMs >= this.#before) return 'moved'
    const mode = stat.mode & 0o100 ? 0o755 : 0o644
    if (stat.size < SMALL) {
      if (read !== stat.size) return 'moved'
      this.#write(target, read, mode, isOfStart)
      return 'copied'
    }
    copyLarge(this.#to, from, target, stat, mode)
    if (isOfStart) this.#makeOld(target)
    const after = fs.fstatSync(from)
    return after.ctimeMs === stat.ctimeMs && after.size === stat.size ? 'copied' : 'moved'
  }

  #link(file: string | Buffer, target: string | Buffer, isOfStart: boolean): Came {
    let text: Buffer
    try {
      text = fs.readlinkSync(file, { encoding: 'buffer' })
      if (fs.lstatSync(file).ctimeMs >= this.#before) return 'moved'
    } catch {
      return 'moved'
    }
    fs.symlinkSync(text, target)
    if (isOfStart) this.#makeOld(target)
    return 'copied'
  }

  #write(target: string | Buffer, length: number, mode: number, isOfStart: boolean): void {
    const to = fs.openSync(target, O_WRONLY | O_CREAT | O_EXCL, mode)
    try {
      for (let at = 0; at < length;) at += fs.writeSync(to, this.#buffer, at, length - at)
      if (!isOfStart) return
      fs.futimesSync(to, START_SECONDS, START_SECONDS)
      writeStat(this.stat, 0, fs.fstatSync(to, { bigint: true }))
    } finally {
      fs.closeSync(to)
    }
  }

  #makeOld(target: string | Buffer): void {
    fs.lutimesSync(target, START_SECONDS, START_SECONDS)
    writeStat(this.stat, 0, fs.lstatSync(target, { bigint: true }))
  }
}

/** How many bytes, or why none. By its place in the file, so that nothing is taken out of somebody's FIFO. */
function readInto(buffer: Buffer, from: number): number | Error {
  try {
    return fs.readSync(from, buffer, 0, buffer.length, 0)
  } catch (error) {
    return error as Error
  }
}
