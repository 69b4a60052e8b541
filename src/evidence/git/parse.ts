import { pathText } from '../path-text.ts'

/** One side of a raw difference: what a tree or the index holds; null where it holds no file (absent, or a submodule). */
export interface Blob {
  readonly kind: 'f' | 'x' | 'l'
  readonly oid: string
}

export interface RawChange {
  readonly path: string
  readonly before: Blob | null
  readonly after: Blob | null
  /** Unmerged entries carry no usable sides. */
  readonly unmerged: boolean
}

/** Parses `--raw -z --no-renames` of git's diff commands. */
export function parseRaw(output: Buffer): RawChange[] {
  const records = splitNul(output)
  const changes: RawChange[] = []
  for (let at = 0; at + 1 < records.length; at += 2) {
    const [before, after, oldOid, newOid, status] = records[at]!.toString('latin1').slice(1).split(' ')
    changes.push({
      path: pathText(records[at + 1]!),
      before: blob(before!, oldOid!),
      after: blob(after!, newOid!),
      unmerged: status === 'U',
    })
  }
  return changes
}

/** Parses `ls-tree -z`: mode, type, oid, TAB, path. Trees and submodules give null. */
export function parseTree(output: Buffer): Map<string, Blob | null> {
  const sides = new Map<string, Blob | null>()
  for (const record of splitNul(output)) {
    const tab = record.indexOf(9)
    const [mode, , oid] = record.toString('latin1', 0, tab).split(' ')
    sides.set(pathText(record.subarray(tab + 1)), blob(mode!, oid!))
  }
  return sides
}

export interface IndexNotes {
  /** Entries whose flags keep git from looking at the file: assume-unchanged or skip-worktree. */
  readonly hidden: readonly {
    readonly path: string
    readonly skipWorktree: boolean
    readonly side: Blob | null
  }[]
  readonly submodules: readonly string[]
}

/** Parses `ls-files -v -s -z` for what is out of the ordinary; usual entries (`H 100…`) are only stepped over. */
export function parseIndex(output: Buffer): IndexNotes {
  const hidden: { path: string; skipWorktree: boolean; side: Blob | null }[] = []
  const submodules: string[] = []
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0, at)
    const stop = end < 0 ? output.length : end
    const usual = output[at] === H && output[at + 3] === ZERO
    const link = output[at + 2] === ONE && output[at + 3] === SIX
    if (link || !(usual || output[at] === M)) {
      const tab = output.indexOf(9, at)
      const [tag, mode, oid] = output.toString('latin1', at, tab).split(' ')
      const path = pathText(output.subarray(tab + 1, stop))
      if (link) submodules.push(path)
      else if (tag !== 'H')
        hidden.push({ path, skipWorktree: tag === 'S' || tag === 's', side: blob(mode!, oid!) })
    }
    at = stop + 1
  }
  return { hidden, submodules }
}

/** Parses `cat-file --batch`: one content for each name asked, null where there is none. */
export function parseBatch(output: Buffer): (Buffer | null)[] {
  const contents: (Buffer | null)[] = []
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(10, at)
    const size = / (\d+)$/.exec(output.toString('latin1', at, end))?.[1]
    contents.push(size === undefined ? null : output.subarray(end + 1, end + 1 + Number(size)))
    at = end + 1 + (size === undefined ? 0 : Number(size) + 1)
  }
  return contents
}

/** Names that end with a NUL byte each. What is plain UTF-8 throughout becomes text in one go instead of name by name. */
export function splitNames(output: Buffer): string[] {
  if (output.length > MOST_AT_ONCE) return splitNul(output).map(pathText)
  const text = output.toString('utf8')
  if (text.includes('\ufffd') || text.includes('\\x')) return splitNul(output).map(pathText)
  const names = text.split('\0')
  if (names.at(-1) === '') names.pop()
  return names
}

/** Well below the longest text there can be. Bytes. */
const MOST_AT_ONCE = 1 << 28

/** Pieces between NUL bytes; the last piece is the one before the final NUL. */
export function splitNul(output: Buffer): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0, at)
    const stop = end < 0 ? output.length : end
    pieces.push(output.subarray(at, stop))
    at = stop + 1
  }
  return pieces
}

const [H, M, ZERO, ONE, SIX] = [...Buffer.from('HM016')] as [number, number, number, number, number]

function blob(mode: string, oid: string): Blob | null {
  if (mode === '120000') return { kind: 'l', oid }
  if (mode.startsWith('100')) return { kind: mode === '100755' ? 'x' : 'f', oid }
  return null
}
