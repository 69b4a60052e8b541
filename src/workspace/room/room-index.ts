import fs from 'node:fs'
import path from 'node:path'
import { HEADER, MODE, entryShape, placeAt } from '../../evidence/git/index-bytes.ts'
import { splitNul } from '../../evidence/git/parse.ts'
import { fsPath, pathBytes, pathText } from '../../evidence/path-text.ts'
import { type IndexEntry, type IndexStat, indexBytes } from './index-file.ts'
import { STAT_BYTES, writeStat } from './index-stat.ts'

export interface RoomIndex {
  readonly room: string
  readonly format: 'sha1' | 'sha256'
  /** Whether the file holds this object, which the commit has there, whatever its raw bytes are: a filter may stand between. */
  readonly isAsCommitted: (file: string, oid: string) => boolean
  /** What a sparse checkout left out. */
  readonly leftOut: ReadonlySet<string>
}

/**
 * Writes the index of a room: the commit's entries, with the stat of the files that hold what it holds. Git believes those without
 * reading them, so it is quick on a large tree, and a file that a filter wrote (git-lfs, git-crypt) shows as what it is: not changed.
 * `listed`: what `ls-tree -r -z --full-tree` says of the commit. `stats`: of files that were copied from the start.
 */
export function writeRoomIndex(
  index: RoomIndex,
  listed: Buffer,
  stats: ReadonlyMap<string, IndexStat>,
): void {
  const entries = splitNul(listed).map((record): IndexEntry => {
    const tab = record.indexOf(9)
    const head = record.toString('latin1', 0, tab)
    const [mode, oid] = [head.slice(0, head.indexOf(' ')), head.slice(head.lastIndexOf(' ') + 1)]
    const name = record.subarray(tab + 1)
    return {
      name,
      mode,
      oid,
      file: fileIn(index, pathText(name), mode, oid, (file) => stats.get(file) ?? statIn(index, file)),
    }
  })
  fs.writeFileSync(indexIn(index.room), indexBytes(entries, index.format))
}

/** What a commit holds where it does not hold what another one does; null: nothing. */
export type CommitDifference = ReadonlyMap<string, { readonly mode: string; readonly oid: string } | null>

/** Makes it say again of these files what they hold. All others are as they were. `moved`: entries of another commit. */
export function renewEntries(
  index: RoomIndex,
  files: ReadonlySet<string>,
  moved: CommitDifference = new Map(),
): void {
  const bytes = fs.readFileSync(indexIn(index.room))
  const shape = entryShape(index.format)
  const entries: (IndexEntry | Buffer)[] = []
  const entryOf = (name: Buffer, file: string, mode: string, oid: string): IndexEntry => ({
    name,
    mode,
    oid,
    file: fileIn(index, file, mode, oid, (one) => statIn(index, one)),
  })
  const coming = [...moved]
    .flatMap(([file, now]) => (now === null ? [] : [entryOf(pathBytes(file), file, now.mode, now.oid)]))
    .toSorted((a, b) => a.name.compare(b.name))
  let next = 0
  let at = HEADER
  for (let left = bytes.readUInt32BE(8); left > 0; left -= 1) {
    const place = placeAt(bytes, at, shape)
    if (place === null) throw new Error('the index of a room ends before its entries do')
    const name = bytes.subarray(place.name, place.nameEnd)
    while (next < coming.length && coming[next]!.name.compare(name) <= 0) entries.push(coming[next++]!)
    const file = pathText(name)
    if (files.has(file) && !moved.has(file)) {
      const mode = bytes.readUInt32BE(at + MODE).toString(8)
      entries.push(entryOf(name, file, mode, bytes.toString('hex', at + shape.oid, at + shape.flags)))
    } else if (!moved.has(file)) entries.push(bytes.subarray(at, place.next))
    at = place.next
  }
  entries.push(...coming.slice(next))
  fs.writeFileSync(indexIn(index.room), indexBytes(entries, index.format))
}

function fileIn(
  { isAsCommitted, leftOut }: RoomIndex,
  file: string,
  mode: string,
  oid: string,
  statOf: (file: string) => IndexStat | undefined,
): IndexEntry['file'] {
  if (mode === SUBMODULE || !isAsCommitted(file, oid)) return null
  return statOf(file) ?? (leftOut.has(file) ? 'absent' : null)
}

function statIn({ room }: RoomIndex, file: string): IndexStat | undefined {
  const stat = fs.lstatSync(fsPath(room, file), { throwIfNoEntry: false, bigint: true })
  if (stat === undefined) return undefined
  const bytes = new Uint8Array(STAT_BYTES)
  writeStat(bytes, 0, stat)
  return bytes
}

const indexIn = (room: string): string => path.join(room, '.git', 'index')

const SUBMODULE = '160000'
