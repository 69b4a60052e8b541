import fs from 'node:fs'
import path from 'node:path'
import { splitNul } from '../../evidence/git/parse.ts'
import { fsPath, pathText } from '../../evidence/path-text.ts'
import { type IndexEntry, indexBytes } from './index-file.ts'

export interface RoomIndex {
  readonly room: string
  readonly format: 'sha1' | 'sha256'
  /** What `ls-tree -r -z --full-tree` says of the commit. */
  readonly listed: Buffer
  /** Whether the file holds this object, which the commit has there, whatever its raw bytes are: a filter may stand between. */
  readonly isAsCommitted: (file: string, oid: string) => boolean
  /** What a sparse checkout left out. */
  readonly leftOut: ReadonlySet<string>
}

/**
 * Writes the index of a room: the commit's entries, with the stat of the files that hold what it holds. Git believes those without
 * reading them, so it is quick on a large tree, and a file that a filter wrote (git-lfs, git-crypt) shows as what it is: not changed.
 */
export function writeRoomIndex({ room, format, listed, isAsCommitted, leftOut }: RoomIndex): void {
  const entries = splitNul(listed).map((record): IndexEntry => {
    const tab = record.indexOf(9)
    const [mode = '', , oid = ''] = record.toString('latin1', 0, tab).split(' ')
    const name = record.subarray(tab + 1)
    const file = pathText(name)
    if (mode === SUBMODULE || !isAsCommitted(file, oid)) return { name, mode, oid, file: null }
    const stat = fs.lstatSync(fsPath(room, file), { throwIfNoEntry: false, bigint: true })
    return { name, mode, oid, file: stat ?? (leftOut.has(file) ? 'absent' : null) }
  })
  fs.writeFileSync(path.join(room, '.git', 'index'), indexBytes(entries, format))
}

const SUBMODULE = '160000'
