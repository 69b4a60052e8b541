import fs from 'node:fs'
import path from 'node:path'
import { isWithin } from '../base/within.ts'

/** One piece of the disk as a gate sees it. */
export type Piece =
  /** Everything below it, through a layer that is thrown away: a socket or FIFO seen there has nobody behind it. */
  | { readonly kind: 'overlay'; readonly path: string }
  /** Made anew: it is empty, or something is mounted below it, and its entries follow as pieces of their own. */
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  /** A file system of which the kernel makes no overlay, and which cannot hold sockets. */
  | { readonly kind: 'bind'; readonly path: string }

export interface Mount {
  readonly path: string
  readonly type: string
}

/** Made new in every box, or (sys) bound as it is. */
const NOT_OF_THE_DISK = new Set(['/proc', '/sys', '/dev', '/run', '/tmp'])
/** Names are compared in another way there, or nothing can be made: no overlay, and no socket. */
const WITHOUT_SOCKETS = new Set(['vfat', 'exfat', 'msdos', 'ntfs3', 'iso9660', 'udf', 'squashfs'])
/** More mounts than that make a command line that the kernel refuses. */
const MOST_PIECES = 1500

/**
 * The whole disk in pieces of which overlays can be made: a directory below which something is mounted cannot be one
 * (the kernel would have to show what the mount hides), so it is taken apart. Null: in too many pieces.
 */
export function diskPieces(mounts: readonly Mount[]): readonly Piece[] | null {
  const seen = mounts.filter(({ path: at }) => at !== '/' && !isHidden(at))
  const pieces = [...takeApart('/', seen)]
  return pieces.length > MOST_PIECES ? null : pieces
}

/** The same of this machine, now. */
export function piecesNow(): readonly Piece[] | null {
  return diskPieces(readMounts())
}

/** Whether the disk is in other pieces by now: a box cannot be made of what is gone. */
export function isMoved(pieces: readonly Piece[] | null): boolean {
  return JSON.stringify(piecesNow()) !== JSON.stringify(pieces)
}

function* takeApart(dir: string, mounts: readonly Mount[]): Generator<Piece> {
  for (const entry of entriesOf(dir)) {
    const at = path.join(dir, entry.name)
    if (NOT_OF_THE_DISK.has(at)) continue
    const own = mounts.findLast((mount) => mount.path === at)
    if (entry.isSymbolicLink()) yield* linkAt(at)
    else if (entry.isFile()) yield { kind: 'file', path: at }
    else if (!entry.isDirectory()) continue
    else if (own !== undefined && WITHOUT_SOCKETS.has(own.type)) yield { kind: 'bind', path: at }
    else {
      const below = mounts.filter((mount) => mount.path !== at && isWithin(mount.path, at))
      if (below.length === 0)
        yield { kind: own === undefined && isEmpty(at) ? 'directory' : 'overlay', path: at }
      else {
        yield { kind: 'directory', path: at }
        yield* takeApart(at, below)
      }
    }
  }
}

/** An overlay of it would show as much, and each takes a millisecond, here and in the sandbox inside. */
function isEmpty(dir: string): boolean {
  try {
    const open = fs.opendirSync(dir)
    const first = open.readSync()
    open.closeSync()
    return first === null
  } catch {
    return false
  }
}

/** None where it was removed meanwhile. */
function linkAt(at: string): Piece[] {
  try {
    return [{ kind: 'link', path: at, target: fs.readlinkSync(at) }]
  } catch {
    return []
  }
}

/** Nothing of a directory that may not be read: no gate could either. */
function entriesOf(dir: string): fs.Dirent[] {
  try {
    return fs.readdirSync(dir, { withFileTypes: true })
  } catch {
    return []
  }
}

const isHidden = (at: string): boolean => [...NOT_OF_THE_DISK].some((dir) => isWithin(at, dir))

/** What `/proc/self/mountinfo` says: mount points with the octal escapes undone, later ones on top of earlier ones. */
export function readMounts(text = fs.readFileSync('/proc/self/mountinfo', 'utf8')): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ')
    const at = before.split(' ')[4]
    const [type = ''] = after.split(' ')
    if (at === undefined) return []
    return [{ path: at.replaceAll(/\\(\d{3})/g, (_, octal: string) => byte(octal)), type }]
  })
}

const byte = (octal: string): string => String.fromCodePoint(Number.parseInt(octal, 8))
