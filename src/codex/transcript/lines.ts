import { readSpan } from './file.ts'

const NEWLINE = 0x0a
const CHUNK_BYTES = 256 * 1024
/** How far back from the end callers look. */
export const MAX_SEARCH_BYTES = 64 * 1024 * 1024
/** Longer lines are passed over: nothing we look for is that long, and they are what would cost memory. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024

export interface LineSearch {
  /** Only lines with these bytes are handed out. */
  readonly needle: string
  /** Offsets of the part of the file to search; `start` is the beginning of a line. */
  readonly start: number
  readonly end: number
  /** Called with a line; true ends the search. */
  readonly visit: (line: string) => boolean
}

/** Goes through the lines of a file from its end, with at most about 8 MB in memory and each byte read once. */
export function searchBackwards(fd: number, search: LineSearch): void {
  const needle = Buffer.from(search.needle)
  /** What is known of the line that began before the chunk; null once it is too long. */
  let rest: Buffer[] | null = []
  const space = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(0, search.end - search.start)))
  for (let end = search.end; end > search.start;) {
    const from = Math.max(search.start, end - CHUNK_BYTES)
    const chunk = readSpan(fd, from, end, space)
    // The file shrank under us: what follows is no longer contiguous.
    if (chunk.length !== end - from) return
    end = from
    const last = chunk.lastIndexOf(NEWLINE)
    if (last < 0) {
      rest = extend(rest, Buffer.from(chunk))
      continue
    }
    if (rest && visitLine(Buffer.concat([chunk.subarray(last + 1), ...rest]), needle, search)) return
    const first = chunk.indexOf(NEWLINE)
    if (visitRegion(chunk.subarray(first + 1, last + 1), needle, search)) return
    // A copy, because the next chunk comes into the same space.
    rest = [Buffer.from(chunk.subarray(0, first))]
  }
  if (rest) visitLine(Buffer.concat(rest), needle, search)
}

function extend(rest: Buffer[] | null, chunk: Buffer): Buffer[] | null {
  if (!rest) return null
  const bytes = rest.reduce((sum, part) => sum + part.length, chunk.length)
  return bytes > MAX_LINE_BYTES ? null : [chunk, ...rest]
}

/** Whole lines, each with its newline. */
function visitRegion(region: Buffer, needle: Buffer, search: LineSearch): boolean {
  let left = region
  for (let hit = left.lastIndexOf(needle); hit >= 0; hit = left.lastIndexOf(needle)) {
    const start = left.lastIndexOf(NEWLINE, hit) + 1
    if (visitLine(left.subarray(start, left.indexOf(NEWLINE, hit)), needle, search)) return true
    left = left.subarray(0, start)
  }
  return false
}

function visitLine(line: Buffer, needle: Buffer, search: LineSearch): boolean {
  return line.length <= MAX_LINE_BYTES && line.includes(needle) && search.visit(line.toString('utf8'))
}
