import { pathText } from '../path-text.ts'

/** Where things are in one entry of an index of version 2 or 3: stat fields, object id, flags, name. */
export interface EntryShape {
  readonly oid: number
  readonly flags: number
  readonly trailer: number
}

export function entryShape(format: 'sha1' | 'sha256'): EntryShape {
  const trailer = format === 'sha1' ? 20 : 32
  return { oid: 40, flags: 40 + trailer, trailer }
}

export const HEADER = 12
export const MODE = 24
const EXTENDED = 0x4000
const ASSUME_VALID = 0x8000
const STAGE = 0x3000
const LONG_NAME = 0xfff
export const SKIP_WORKTREE = 0x4000
const INTENT_TO_ADD = 0x2000

/** One entry of an index, by places in its bytes. */
export interface Place {
  readonly name: number
  readonly nameEnd: number
  readonly next: number
  /** The second flags; 0 when there are none. */
  readonly extended: number
}

/** The entry that begins here; null where the bytes are not an entry. */
export function placeAt(bytes: Buffer, at: number, { flags, trailer }: EntryShape): Place | null {
  const most = bytes.length - trailer
  if (at + flags + 4 > most) return null
  const first = bytes.readUInt16BE(at + flags)
  const extended = first & EXTENDED ? bytes.readUInt16BE(at + flags + 2) : 0
  const name = at + flags + (first & EXTENDED ? 4 : 2)
  const said = first & LONG_NAME
  const nameEnd = said < LONG_NAME ? name + said : bytes.indexOf(0, name)
  const next = at + ((nameEnd - at + 8) & ~7)
  return nameEnd <= name || next > most || bytes[nameEnd] !== 0 ? null : { name, nameEnd, next, extended }
}

export interface PlainIndex {
  readonly bytes: Buffer
  /** Names of entries that were left out. */
  readonly left: readonly string[]
}

/**
 * An index made plain: entries only, none of the extensions by which git would believe somebody else (a file monitor, a cache
 * of untracked files, a shared index), no flag that keeps git from looking at a file. Left out are entries that name no
 * content yet (unmerged, `add -N`). The checksum at the end is left out, as the format allows: our list is known by a hash. `absent` tells of a file that a sparse checkout left out: only there the flag stays.
 * Null: written in a way that git itself has to read first (version 4, split, sparse, or not an index).
 */
export function plainIndex(
  bytes: Buffer,
  format: 'sha1' | 'sha256',
  absent: (name: Buffer) => boolean,
): PlainIndex | null {
  const shape = entryShape(format)
  if (bytes.length < HEADER + shape.trailer || bytes.toString('latin1', 0, 4) !== 'DIRC') return null
  const version = bytes.readUInt32BE(4)
  if (version !== 2 && version !== 3) return null
  const count = bytes.readUInt32BE(8)
  // Most of it is copied in long runs.
  const pieces: Buffer[] = []
  const left: string[] = []
  let from = HEADER
  let at = HEADER
  let kept = 0
  for (let index = 0; index < count; index++) {
    const place = placeAt(bytes, at, shape)
    if (place === null) return null
    const flags = bytes.readUInt16BE(at + shape.flags)
    if (flags & STAGE || place.extended & INTENT_TO_ADD) {
      pieces.push(bytes.subarray(from, at))
      from = place.next
      left.push(pathText(bytes.subarray(place.name, place.nameEnd)))
    } else {
      kept++
      if (flags & ASSUME_VALID) bytes.writeUInt16BE(flags & ~ASSUME_VALID, at + shape.flags)
      if (place.extended & SKIP_WORKTREE && !absent(bytes.subarray(place.name, place.nameEnd)))
        bytes.writeUInt16BE(place.extended & ~SKIP_WORKTREE, at + shape.flags + 2)
    }
    at = place.next
  }
  pieces.push(bytes.subarray(from, at))
  if (!onlyCaches(bytes, at, shape)) return null
  const head = Buffer.from(bytes.subarray(0, HEADER))
  head.writeUInt32BE(kept, 8)
  return { bytes: Buffer.concat([head, ...pieces, Buffer.alloc(shape.trailer)]), left }
}

/** Extensions in capitals may be left out by the format itself. */
function onlyCaches(bytes: Buffer, end: number, { trailer }: EntryShape): boolean {
  let at = end
  while (at + 8 <= bytes.length - trailer) {
    if (!/^[A-Z]/.test(bytes.toString('latin1', at, at + 1))) return false
    at += 8 + bytes.readUInt32BE(at + 4)
  }
  return at === bytes.length - trailer
}

/** An index without entries: a repository in which nothing was ever added. */
export function emptyIndex(format: 'sha1' | 'sha256'): Buffer {
  const head = Buffer.from('DIRC\0\0\0\x02\0\0\0\0', 'latin1')
  return Buffer.concat([head, Buffer.alloc(entryShape(format).trailer)])
}
