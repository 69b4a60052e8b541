import fs from 'node:fs'
import type { IndexNotes } from './parse.ts'
import type { Repo } from './repo.ts'

/** What was out of the ordinary in an index. */
export interface KnownIndex extends IndexNotes {
  /** The checksum that git ends every index with, and the file's mark: git itself does not check the checksum. */
  readonly checksum: string
}

/** More flagged entries than this are not kept (a sparse checkout of a huge repository). */
const MOST_KEPT = 2000

/** Checksum at the end of the index: null when there is no index or its checksum was left out (index.skipHash). */
function indexChecksum(repo: Repo): string | null {
  const size = repo.format === 'sha1' ? 20 : 32
  const { O_RDONLY, O_NONBLOCK } = fs.constants
  let fd: number
  try {
    fd = fs.openSync(`${repo.gitDir}/index`, O_RDONLY | O_NONBLOCK)
  } catch {
    return null
  }
  try {
    const end = Buffer.alloc(size)
    const stat = fs.fstatSync(fd)
    if (!stat.isFile() || fs.readSync(fd, end, 0, size, stat.size - size) !== size) return null
    return end.every((byte) => byte === 0) ? null : end.toString('hex')
  } catch {
    return null
  } finally {
    fs.closeSync(fd)
  }
}

/** Names one state of the index: null when it cannot be told. */
export function indexKey(repo: Repo): string | null {
  const checksum = indexChecksum(repo)
  return checksum === null ? null : `${checksum} ${indexMark(repo)}`
}

export function keepIndex(checksum: string | null, notes: IndexNotes): KnownIndex | null {
  if (checksum === null || notes.hidden.length + notes.submodules.length > MOST_KEPT) return null
  return { checksum, hidden: notes.hidden, submodules: notes.submodules }
}

/** Changes whenever the index is written. */
export function indexMark(repo: Repo): string {
  const stat = fs.statSync(`${repo.gitDir}/index`, { throwIfNoEntry: false })
  return stat ? `${stat.ino}.${stat.size}.${stat.mtimeMs}.${stat.ctimeMs}` : 'none'
}
