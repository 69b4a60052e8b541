import fs from 'node:fs'

const MAGIC = 0xff744f63
const FANOUT = 8
const NAMES = FANOUT + 256 * 4

/** Names of objects, asked one at a time. */
export type ObjectNames = Pick<ReadonlySet<string>, 'has'>

/**
 * The names in a pack by its index (version 2), which git wrote: a table of how many names begin with at most each byte, then the names
 * in order. Throws what the file system says, and where it is not such a file.
 */
export function packNames(file: string, format: 'sha1' | 'sha256'): ObjectNames {
  const bytes = fs.readFileSync(file)
  if (bytes.length < NAMES || bytes.readUInt32BE(0) !== MAGIC || bytes.readUInt32BE(4) !== 2)
    throw new Error(`${file} is not an index of a pack`)
  const length = format === 'sha1' ? 20 : 32
  const upTo = (first: number): number => (first < 0 ? 0 : bytes.readUInt32BE(FANOUT + first * 4))
  return {
    has: (name) => {
      const wanted = Buffer.from(name, 'hex')
      if (wanted.length !== length) return false
      let [low, high] = [upTo(wanted[0]! - 1), upTo(wanted[0]!)]
      while (low < high) {
        const middle = (low + high) >> 1
        const at = NAMES + middle * length
        const order = bytes.compare(wanted, 0, length, at, at + length)
        if (order === 0) return true
        if (order < 0) low = middle + 1
        else high = middle
      }
      return false
    },
  }
}
