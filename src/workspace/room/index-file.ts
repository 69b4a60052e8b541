import { createHash } from 'node:crypto'

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

/** Of `fs.lstatSync(…, {bigint: true})`. */
export interface IndexStat {
  readonly ctimeNs: bigint
  readonly mtimeNs: bigint
  readonly dev: bigint
  readonly ino: bigint
  readonly uid: bigint
  readonly gid: bigint
  readonly size: bigint
}

const HEADER = 12
const STATS = 40
const EXTENDED = 0x4000
const SKIP_WORKTREE = 0x4000
const MOST_NAME = 0xfff
const SECOND = 1_000_000_000n
const WORD = 0xffffffffn

/**
 * An index of git, with no extension: version 3 where a flag needs it, else 2, which every git reads. Entries are those of a tree, in
 * the order in which `ls-tree -r` gives them.
 */
export function indexBytes(entries: readonly IndexEntry[], format: 'sha1' | 'sha256'): Buffer {
  const isExtended = entries.some(({ file }) => file === 'absent')
  const trailer = format === 'sha1' ? 20 : 32
  const sizes = entries.map((entry) => sizeOf(entry, trailer))
  const all = sizes.reduce((sum, size) => sum + size, HEADER)
  const bytes = Buffer.alloc(all + trailer)
  bytes.write('DIRC', 'latin1')
  bytes.writeUInt32BE(isExtended ? 3 : 2, 4)
  bytes.writeUInt32BE(entries.length, 8)
  let at = HEADER
  for (const [index, entry] of entries.entries()) {
    write(bytes, at, entry, trailer)
    at += sizes[index]!
  }
  createHash(format).update(bytes.subarray(0, all)).digest().copy(bytes, all)
  return bytes
}

/** One to eight NUL bytes end an entry, so that its length is a multiple of eight. */
function sizeOf({ name, file }: IndexEntry, trailer: number): number {
  return (STATS + trailer + (file === 'absent' ? 4 : 2) + name.length + 8) & ~7
}

function write(bytes: Buffer, at: number, { name, mode, oid, file }: IndexEntry, trailer: number): void {
  const stat = file === 'absent' ? null : file
  if (stat !== null) {
    const { ctimeNs, mtimeNs, dev, ino, uid, gid, size } = stat
    const times = [ctimeNs / SECOND, ctimeNs % SECOND, mtimeNs / SECOND, mtimeNs % SECOND, dev, ino]
    for (const [nth, word] of times.entries()) bytes.writeUInt32BE(Number(word & WORD), at + nth * 4)
    for (const [nth, word] of [uid, gid, size].entries())
      bytes.writeUInt32BE(Number(word & WORD), at + 28 + nth * 4)
  }
  bytes.writeUInt32BE(Number.parseInt(mode, 8), at + 24)
  bytes.write(oid, at + STATS, 'hex')
  const flags = at + STATS + trailer
  const length = Math.min(name.length, MOST_NAME)
  bytes.writeUInt16BE(file === 'absent' ? EXTENDED | length : length, flags)
  if (file === 'absent') bytes.writeUInt16BE(SKIP_WORKTREE, flags + 2)
  name.copy(bytes, flags + (file === 'absent' ? 4 : 2))
}
