import { createHash } from 'node:crypto'
import { STAT_BYTES } from './index-stat.ts'

/** What git's index says of one path. */
export interface IndexEntry {
  /** From the top of the work tree, as bytes. */
  readonly name: Buffer
  /** As a tree has it, in octal: `100644`, `100755`, `120000`, `160000`. */
  readonly mode: string
  readonly oid: string
  /**
   * Of the file that holds what `oid` names: git does not read one that still looks like that. `absent`: a sparse checkout left it out,
   * so git does not look for it. Null: nothing is known, so git reads it.
   */
  readonly file: IndexStat | 'absent' | null
}

/** As `writeStat` leaves it. */
export type IndexStat = Uint8Array

const HEADER = 12
const EXTENDED = 0x4000
const SKIP_WORKTREE = 0x4000
const MOST_NAME = 0xfff
const MODE = 24

/**
 * An index of git, with no extension: version 3 where a flag needs it, else 2, which every git reads. Entries are those of a tree, in
 * the order in which `ls-tree -r` gives them; one that another index has already may be given as it is there.
 */
export function indexBytes(entries: readonly (IndexEntry | Buffer)[], format: 'sha1' | 'sha256'): Buffer {
  const trailer = format === 'sha1' ? 20 : 32
  const flags = STAT_BYTES + trailer
  const sizes = entries.map((entry) => (Buffer.isBuffer(entry) ? entry.length : sizeOf(entry, trailer)))
  const all = sizes.reduce((sum, size) => sum + size, HEADER)
  const bytes = Buffer.alloc(all + trailer)
  let isExtended = false
  let at = HEADER
  for (const [index, entry] of entries.entries()) {
    if (Buffer.isBuffer(entry)) entry.copy(bytes, at)
    else write(bytes, at, entry, trailer)
    isExtended ||= (bytes.readUInt16BE(at + flags) & EXTENDED) !== 0
    at += sizes[index]!
  }
  bytes.write('DIRC', 'latin1')
  bytes.writeUInt32BE(isExtended ? 3 : 2, 4)
  bytes.writeUInt32BE(entries.length, 8)
  createHash(format).update(bytes.subarray(0, all)).digest().copy(bytes, all)
  return bytes
}

/** One to eight NUL bytes end an entry, so that its length is a multiple of eight. */
function sizeOf({ name, file }: IndexEntry, trailer: number): number {
  return (STAT_BYTES + trailer + (file === 'absent' ? 4 : 2) + name.length + 8) & ~7
}

function write(bytes: Buffer, at: number, { name, mode, oid, file }: IndexEntry, trailer: number): void {
  if (file !== null && file !== 'absent') bytes.set(file, at)
  bytes.writeUInt32BE(Number.parseInt(mode, 8), at + MODE)
  bytes.write(oid, at + STAT_BYTES, 'hex')
  const flags = at + STAT_BYTES + trailer
  const length = Math.min(name.length, MOST_NAME)
  bytes.writeUInt16BE(file === 'absent' ? EXTENDED | length : length, flags)
  if (file === 'absent') bytes.writeUInt16BE(SKIP_WORKTREE, flags + 2)
  name.copy(bytes, flags + (file === 'absent' ? 4 : 2))
}
