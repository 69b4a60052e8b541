import fs from 'node:fs'
import { HEADER, MODE, entryShape, placeAt } from '../../evidence/git/index-bytes.ts'
import { pathText } from '../../evidence/path-text.ts'
import type { FileStat } from './walk-tree.ts'

/** What an index of ours says of one path. */
export interface IndexEntry {
  /** As git writes it: `100644`. */
  readonly mode: string
  readonly oid: string
  /** When the file last changed, as far as the kernel says: no program sets it. Nanoseconds. */
  readonly ctimeNs: bigint
  /** Its lower 32 bits. */
  readonly inode: number
}

export const GITLINK = '160000'
const SECOND = 1_000_000_000n

/** All entries by path. None where the file is missing or is not an index, which then says nothing. */
export function readIndex(file: string, format: 'sha1' | 'sha256'): ReadonlyMap<string, IndexEntry> {
  const entries = new Map<string, IndexEntry>()
  let bytes: Buffer
  try {
    bytes = fs.readFileSync(file)
  } catch {
    return entries
  }
  const shape = entryShape(format)
  let at = HEADER
  for (let left = bytes.length < HEADER ? 0 : bytes.readUInt32BE(8); left > 0; left -= 1) {
    const place = placeAt(bytes, at, shape)
    if (place === null) return new Map()
    entries.set(pathText(bytes.subarray(place.name, place.nameEnd)), {
      mode: bytes.readUInt32BE(at + MODE).toString(8),
      oid: bytes.toString('hex', at + shape.oid, at + shape.flags),
      ctimeNs: BigInt(bytes.readUInt32BE(at)) * SECOND + BigInt(bytes.readUInt32BE(at + 4)),
      inode: bytes.readUInt32BE(at + INODE),
    })
    at = place.next
  }
  return entries
}

const INODE = 20

/**
 * Whether the file is the one that the index saw. Finer than git's own look, which counts in seconds and believes the time that a
 * program may set.
 */
export function isAsIndexed(entry: IndexEntry, stat: FileStat): boolean {
  return entry.ctimeNs === stat.ctimeNs && entry.inode === Number(stat.ino & 0xffffffffn)
}
