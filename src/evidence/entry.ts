import fs from 'node:fs'
import { createHash, hash as hashOf, type Hash } from 'node:crypto'
import { errno } from '../base/read-file.ts'
import { fsPath } from './path-text.ts'
import type { EntryKind, EntryLine } from './types.ts'

/** `sha1`, `sha256`: git's object id of the raw bytes (no filter, no line-end change). `short`: 128 bits of SHA-256. */
export type Hashing = 'sha1' | 'sha256' | 'short'

/** A path as it is now. */
export interface EntryLook {
  readonly kind: Exclude<EntryKind, '-'>
  readonly hash: string
  readonly stat: string
}

/** Below this many bytes a file is read in one go. */
const CHUNK = 1 << 20
/**
 * A larger file is known by size, change time and inode: to read it at each look would take longer than a stop has, and of a
 * sparse one for ever. Bytes.
 */
export const MOST_HASHED = 1 << 28
/** Begins what stands for the bytes of a larger file; no object id does. */
const LARGE = 'large.'
/** Room for git's header before the bytes of a file. */
const HEAD = 32

/**
 * Looks at paths of one root. Every parent directory is checked once to be a real directory, so that a link never leads out
 * of the repository; files are opened without following links and without waiting.
 */
export class EntryReader {
  readonly #root: string
  readonly #hashing: Hashing
  readonly #known: ReadonlyMap<string, EntryLine>
  readonly #mostHashed: number
  readonly #directories = new Map<string, boolean>()
  readonly #foreseen = new Map<string, EntryLook | null>()
  readonly #buffer = Buffer.allocUnsafe(CHUNK)

  /** `known`: trusted earlier entries; a file with the same stat keeps the hash it had. */
  constructor(
    root: string,
    hashing: Hashing,
    known: ReadonlyMap<string, EntryLine> = new Map(),
    mostHashed: number = MOST_HASHED,
  ) {
    this.#root = root
    this.#hashing = hashing
    this.#known = known
    this.#mostHashed = mostHashed
  }

  /**
   * Looks at files that git listed as untracked ahead of time; `look` gives what was seen then. An earlier foresight is
   * forgotten.
   */
  foresee(paths: readonly string[]): void {
    this.#foreseen.clear()
    for (const path of paths) this.#foreseen.set(path, this.#small(path) ?? this.look(path))
    // Git takes its time meanwhile: what was a directory may be a link by then.
    this.#directories.clear()
  }

  /** null: nothing there, or a directory. Never throws for what an agent can put there. */
  look(path: string): EntryLook | null {
    const foreseen = this.#foreseen.get(path)
    if (foreseen !== undefined) return foreseen
    const slash = path.lastIndexOf('/')
    if (slash > 0 && !this.isDirectory(path.slice(0, slash))) return null
    return this.lookAt(path)
  }

  /** As `look`, for walkers that already know the parent to be a directory. */
  lookAt(path: string): EntryLook | null {
    const full = fsPath(this.#root, path)
    const stat = lstat(full)
    if (stat === undefined || stat.isDirectory()) return null
    if (stat.isSymbolicLink()) return this.#link(full)
    if (!stat.isFile()) return { kind: 's', hash: specialType(stat), stat: '' }
    const mark = statMark(stat)
    const known = this.#known.get(path)
    if (known && known[3] !== '' && known[3] === mark)
      return { kind: known[1] as EntryLook['kind'], hash: known[2], stat: mark }
    return this.#file(full)
  }

  /** A real directory all the way from the root (no link in between). */
  isDirectory(path: string): boolean {
    const seen = this.#directories.get(path)
    if (seen !== undefined) return seen
    const slash = path.lastIndexOf('/')
    const real =
      (slash < 1 || this.isDirectory(path.slice(0, slash))) &&
      (lstat(fsPath(this.#root, path))?.isDirectory() ?? false)
    this.#directories.set(path, real)
    return real
  }

  /**
   * A small file that is not known yet, in as few calls as can be: git lists only files and links, so it is opened without
   * asking first what it is, and hashed without an object per file. null: anything else, which `look` has to tell.
   */
  #small(path: string): EntryLook | null {
    if (this.#hashing === 'short' || this.#known.has(path)) return null
    const slash = path.lastIndexOf('/')
    if (slash > 0 && !this.isDirectory(path.slice(0, slash))) return null
    const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants
    const now = Date.now()
    let fd: number
    try {
      fd = fs.openSync(fsPath(this.#root, path), O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
    } catch {
      return null
    }
    try {
      const stat = fs.fstatSync(fd)
      if (!stat.isFile() || stat.size > CHUNK - HEAD) return null
      // Cut short meanwhile, or in pieces.
      if (fs.readSync(fd, this.#buffer, HEAD, stat.size, null) !== stat.size) return null
      const header = `blob ${stat.size}\0`
      const begin = HEAD - header.length
      this.#buffer.write(header, begin, 'latin1')
      const hash = hashOf(this.#hashing, this.#buffer.subarray(begin, HEAD + stat.size), 'hex')
      return { kind: stat.mode & 0o100 ? 'x' : 'f', hash, stat: isRacy(stat, now) ? '' : statMark(stat) }
    } catch {
      return null
    } finally {
      fs.closeSync(fd)
    }
  }

  #link(full: string | Buffer): EntryLook | null {
    try {
      const target = fs.readlinkSync(full, { encoding: 'buffer' })
      return {
        kind: 'l',
        hash: finish(start(this.#hashing, target.length).update(target), this.#hashing),
        stat: '',
      }
    } catch (error) {
      return unreadable(errno(error))
    }
  }

  #file(full: string | Buffer): EntryLook | null {
    const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants
    const now = Date.now()
    let fd: number
    try {
      fd = fs.openSync(full, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
    } catch (error) {
      return unreadable(errno(error))
    }
    try {
      const before = fs.fstatSync(fd)
      if (!before.isFile()) return { kind: 's', hash: specialType(before), stat: '' }
      const kind = before.mode & 0o100 ? 'x' : 'f'
      const stat = isRacy(before, now) ? '' : statMark(before)
      if (before.size > this.#mostHashed) return { kind, hash: `${LARGE}${statMark(before)}`, stat }
      const hash = start(this.#hashing, before.size)
      let left = before.size
      while (left > 0) {
        const read = fs.readSync(fd, this.#buffer, 0, Math.min(CHUNK, left), null)
        if (read === 0) break
        hash.update(read === CHUNK ? this.#buffer : this.#buffer.subarray(0, read))
        left -= read
      }
      return { kind, hash: finish(hash, this.#hashing), stat }
    } catch (error) {
      return unreadable(errno(error))
    } finally {
      fs.closeSync(fd)
    }
  }
}

/** Whether its hash stands for the file and not for its bytes. */
export function isLarge({ hash }: Pick<EntryLook, 'hash'>): boolean {
  return hash.startsWith(LARGE)
}

/** Size, change time and inode: no program can set the change time, so an edit with restored mtime is seen. */
function statMark(stat: fs.Stats): string {
  // Joined: a template leaves a tree of pieces behind, and a baseline keeps a hundred thousand of these.
  return [
    stat.size.toString(36),
    Math.round(stat.ctimeMs * 1000).toString(36),
    stat.ino.toString(36),
    stat.mode & 0o100 ? 'x' : 'f',
  ].join('.')
}

/**
 * A file changed just now may change again within the same tick of the file system's clock and keep its stat: its stat is
 * worth nothing. Ticks are up to 10 ms on Linux, whole seconds on old file systems; a time in the future is never trusted.
 * `now` is from before the stat: reading may take longer than a tick.
 */
function isRacy(stat: fs.Stats, now: number): boolean {
  return stat.ctimeMs > now - (stat.ctimeMs % 1000 === 0 ? 2100 : 50)
}

function lstat(full: string | Buffer): fs.Stats | undefined {
  try {
    return fs.lstatSync(full, { throwIfNoEntry: false })
  } catch {
    // ENOTDIR, EACCES on a parent, ENAMETOOLONG: nothing that can be looked at.
    return undefined
  }
}

function start(hashing: Hashing, size: number): Hash {
  if (hashing === 'short') return createHash('sha256')
  return createHash(hashing).update(`blob ${size}\0`)
}

function finish(hash: Hash, hashing: Hashing): string {
  // A slice of the text would keep the whole text alive.
  return hashing === 'short' ? hash.digest().toString('hex', 0, 16) : hash.digest('hex')
}

function unreadable(code: string): EntryLook | null {
  // Gone, or turned into a link or directory, between lstat and open.
  return code === 'ENOENT' || code === 'ENOTDIR' ? null : { kind: 's', hash: `unreadable-${code}`, stat: '' }
}

function specialType(stat: fs.Stats): string {
  if (stat.isFIFO()) return 'fifo'
  if (stat.isSocket()) return 'socket'
  return 'device'
}
