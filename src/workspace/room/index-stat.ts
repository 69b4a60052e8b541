import type { BigIntStats } from 'node:fs'

/** What git's index keeps of a file's stat: ten words, of which one is for the mode. Bytes. */
export const STAT_BYTES = 40
const SECOND = 1_000_000_000n
const WORD = 0xffffffffn

/** Writes it as git does: of a larger number what fits. The mode is the entry's own. */
export function writeStat(bytes: Uint8Array, at: number, stat: BigIntStats): void {
  const { ctimeNs, mtimeNs, dev, ino, uid, gid, size } = stat
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, STAT_BYTES)
  const times = [ctimeNs / SECOND, ctimeNs % SECOND, mtimeNs / SECOND, mtimeNs % SECOND]
  const words = [...times, dev, ino, 0n, uid, gid, size]
  for (const [nth, word] of words.entries()) view.setUint32(nth * 4, Number(word & WORD))
}
