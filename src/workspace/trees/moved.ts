import fs from 'node:fs'
import path from 'node:path'
import { isDirectory } from '../../base/file-kind.ts'
import { namesIn } from '../../base/names-in.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { type Result, fail } from '../../base/result.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import { isPointer, pointerIn } from './admin.ts'
import { readInventory } from './inventory.ts'
import { adminOf, placeOf } from './paths.ts'
import type { OwnRepository } from './types.ts'

/** The common directory that data were made for: its place, and what tells it from any other there. */
interface Known {
  readonly commonDir: string
  readonly device: number
  readonly inode: number
}

/** Data of ours that were made for this repository in another place, or for another one in this place. */
export interface Before {
  readonly commonDir: string
  readonly data: string
}

/**
 * Null: the data are this repository's, or there are none. `parent`: where the data of all repositories are; `data`: where this
 * one's are by its path. A copy of a repository has an inode of its own, so it has nothing to do with the first one's data.
 */
export function placeBefore(parent: string, data: string, commonDir: string): Before | null {
  const { dev, ino } = fs.statSync(commonDir)
  const isThis = ({ device, inode }: Known): boolean => device === dev && inode === ino
  const here = knownIn(data)
  if (here !== null)
    return here.commonDir === commonDir && isThis(here) ? null : { commonDir: here.commonDir, data }
  for (const name of namesIn(parent)) {
    const other = path.join(parent, name)
    const known = knownIn(other)
    if (known !== null && isThis(known) && !isDirectory(known.commonDir))
      return { commonDir: known.commonDir, data: other }
  }
  return null
}

function knownIn(data: string): Known | null {
  const read = readTextSafe(path.join(data, 'repository.json'), { maxBytes: 1 << 16 })
  return read.ok ? (JSON.parse(read.value) as Known) : null
}

export function movedFrom(before: string, now: string): Result<never> {
  const words =
    before === now
      ? `${now} is another repository than the one that our data were made for`
      : `our data were made for ${before}, which is at ${now} now`
  return fail('repository-moved', words, { fix: 'autonomous-loop run --adopt   (if it is the same one)' })
}

export function recordPlace(data: string, commonDir: string): void {
  const { dev, ino } = fs.statSync(commonDir)
  const known: Known = { commonDir, device: dev, inode: ino }
  writeFileWhole(path.join(data, 'repository.json'), `${JSON.stringify(known)}\n`)
}

/** The worktrees came along with our data, and say where they are by whole paths. */
export function pointAnew(own: OwnRepository, before: string): void {
  for (const file of namesIn(path.join(own.data, 'inventory'))) {
    const name = file.replace(/\.json$/, '')
    const { dir } = placeOf(own, name)
    const known = readInventory(own, name)
    const stat = fs.lstatSync(dir, { throwIfNoEntry: false })
    if (stat === undefined || stat.dev !== known?.device || stat.ino !== known.inode) continue
    if (!isDirectory(adminOf(own, name))) continue
    fs.writeFileSync(path.join(adminOf(own, name), 'gitdir'), `${dir}/.git\n`)
    // One that somebody else wrote there is not ours to replace before it is rescued.
    if (isPointer({ ...own, dir: path.join(before, 'repo.git') }, name, dir))
      writeFileWhole(path.join(dir, '.git'), pointerIn(own, name), 0o644)
  }
}
