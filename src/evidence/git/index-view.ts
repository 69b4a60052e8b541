import { HEADER, MODE, SKIP_WORKTREE, entryShape, placeAt } from './index-bytes.ts'
import type { Blob } from './parse.ts'
import { pathBytes, pathText } from '../path-text.ts'

/** A plain index (see plainIndex), read where it lies: a hundred thousand names are not made text to find one of them. */
export class IndexView {
  readonly #bytes: Buffer
  readonly #oid: number
  readonly #oidEnd: number
  /** Begin and end of each name. */
  readonly #names: Uint32Array
  readonly #starts: Uint32Array
  /** Tracked files that a sparse checkout had left out. */
  readonly sparse: readonly string[]
  readonly submodules: readonly string[]

  constructor(bytes: Buffer, format: 'sha1' | 'sha256') {
    const shape = entryShape(format)
    const count = bytes.readUInt32BE(8)
    this.#bytes = bytes
    this.#oid = shape.oid
    this.#oidEnd = shape.flags
    this.#starts = new Uint32Array(count)
    this.#names = new Uint32Array(count * 2)
    const sparse: string[] = []
    const submodules: string[] = []
    let at = HEADER
    for (let index = 0; index < count; index++) {
      const place = placeAt(bytes, at, shape)
      if (place === null) throw new Error('a plain index ends before its entries do')
      this.#starts[index] = at
      this.#names[index * 2] = place.name
      this.#names[index * 2 + 1] = place.nameEnd
      if (place.extended & SKIP_WORKTREE) sparse.push(this.#name(index))
      if (bytes.readUInt16BE(at + MODE + 2) >> 12 === 0o16) submodules.push(this.#name(index))
      at = place.next
    }
    this.sparse = sparse
    this.submodules = submodules
  }

  /** null: not there, or a submodule. By its name from the top. */
  find(path: string): Blob | null {
    const wanted = pathBytes(path)
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      const order = this.#compare(middle, wanted, 0, wanted.length)
      if (order === 0) return this.#blob(middle)
      if (order < 0) low = middle + 1
      else high = middle
    }
    return null
  }

  /** Every entry that is not a submodule. */
  *entries(): Generator<[path: string, blob: Blob]> {
    for (let index = 0; index < this.#starts.length; index++) {
      const blob = this.#blob(index)
      if (blob) yield [this.#name(index), blob]
    }
  }

  /** Names whose last part is this. */
  called(part: string): string[] {
    const end = Buffer.from(`/${part}`, 'utf8')
    const found: string[] = []
    for (let index = 0; index < this.#starts.length; index++) {
      const [from, to] = [this.#names[index * 2]!, this.#names[index * 2 + 1]!]
      const begin = to - end.length + 1
      // Most names differ in their last byte.
      if (begin < from || this.#bytes[to - 1] !== end[end.length - 1]) continue
      if (this.#bytes.compare(end, 1, end.length, begin, to) !== 0) continue
      if (begin === from || this.#bytes[begin - 1] === end[0]) found.push(this.#name(index))
    }
    return found
  }

  /** Names that this index lacks among those of another (sorted, each ended by a NUL byte). */
  lacking(names: Buffer): string[] {
    const found: string[] = []
    let index = 0
    for (let at = 0; at < names.length;) {
      const nul = names.indexOf(0, at)
      const end = nul < 0 ? names.length : nul
      let order = 1
      while (index < this.#starts.length && (order = this.#compare(index, names, at, end)) < 0) index++
      if (index >= this.#starts.length || order > 0) found.push(pathText(names.subarray(at, end)))
      at = end + 1
    }
    return found
  }

  /** Byte by byte: a hundred thousand calls of Buffer.compare take ten times as long. */
  #compare(index: number, other: Buffer, begin: number, end: number): number {
    const bytes = this.#bytes
    const from = this.#names[index * 2]!
    const length = this.#names[index * 2 + 1]! - from
    const most = Math.min(length, end - begin)
    for (let at = 0; at < most; at++) {
      const order = bytes[from + at]! - other[begin + at]!
      if (order !== 0) return order
    }
    return length - (end - begin)
  }

  #name(index: number): string {
    return pathText(this.#bytes.subarray(this.#names[index * 2], this.#names[index * 2 + 1]))
  }

  #blob(index: number): Blob | null {
    const at = this.#starts[index]!
    const mode = this.#bytes.readUInt32BE(at + MODE)
    const kind = { 0o12: 'l', 0o10: mode & 0o100 ? 'x' : 'f' } as const
    const type = (mode >> 12) as keyof typeof kind
    return type in kind
      ? { kind: kind[type], oid: this.#bytes.toString('hex', at + this.#oid, at + this.#oidEnd) }
      : null
  }
}
