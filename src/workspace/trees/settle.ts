import fs from 'node:fs'
import path from 'node:path'
import { systemWords } from '../../base/system-words.ts'
import { errno } from '../../base/read-file.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { commitPaths } from '../../evidence/git/sides.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { directoriesOf } from '../layer.ts'
import { gitIn, repoOf } from './git.ts'
import { fetchLarge } from './lfs.ts'
import { isAsIndexed, readIndex } from './own-index.ts'
import { removeAt } from './remove.ts'
import { type Held, ignoreFilesIn, ignoredIn } from './rules.ts'
import type { OwnRepository, TreePlace } from './types.ts'
import { type Walked, walkTree } from './walk-tree.ts'

/**
 * Makes a work tree hold exactly this tree. What is not of the tree goes, but for what the tree's own rules ignore where `ignored`
 * is `keep`. A file that is not the one that our index saw is written anew, and so is one with a second name somewhere, through
 * which it could still be changed. Gives what the tree holds. Codes: worktree-failed, and those of git.
 */
export async function settle(
  own: OwnRepository,
  place: TreePlace,
  tree: string,
  ignored: 'keep' | 'remove',
): Promise<Result<Held>> {
  const held = await commitPaths(repoOf(own), own.shadow, tree)
  if (!held.ok) return held
  fs.mkdirSync(place.dir, { recursive: true, mode: 0o700 })
  fs.mkdirSync(path.dirname(place.index), { recursive: true, mode: 0o700 })
  // Of a call that was cut short. Only one process of ours works here at a time.
  fs.rmSync(`${place.index}.lock`, { force: true })
  try {
    clear(own, place, held.value, ignored)
  } catch (error) {
    if (errno(error) === 'unknown') throw error
    return fail('worktree-failed', `${place.dir} could not be cleared: ${systemWords(error)}`)
  }
  const large = await fetchLarge(own, held.value)
  if (!large.ok) return large
  const written = await gitIn(own, place, { args: ['read-tree', '--reset', '-u', tree] })
  if (!written.ok) return written
  if (ignored === 'keep') {
    const removed = await removeUnignored(own, place, held.value)
    if (!removed.ok) return removed
  }
  return held
}

function clear(own: OwnRepository, { dir, index }: TreePlace, held: Held, ignored: 'keep' | 'remove'): void {
  const directories = directoriesOf(held.keys())
  const entries = readIndex(index, own.format)
  // An index that cannot be read would keep git from writing another.
  if (entries.size === 0) fs.rmSync(index, { force: true })
  const { found } = walkOpening(dir, (one) => directories.has(one))
  for (const [one, { kind, stat }] of found) {
    if (kind === 'directory') {
      const stays = directories.has(one) || (held.has(one) ? held.get(one) === null : ignored === 'keep')
      if (!stays) removeAt(dir, one)
      continue
    }
    const entry = entries.get(one)
    const isKept = held.has(one)
      ? entry !== undefined && isAsIndexed(entry, stat) && stat.nlink === 1n
      : ignored === 'keep' && !directories.has(one) && kind !== 'other'
    if (!isKept) removeAt(dir, one)
  }
}

/** Walks a tree of ours. A directory that an agent closed to us is opened. Throws what the file system says. */
export function walkOpening(dir: string, enter: (path: string) => boolean): Walked {
  const walked = walkTree(dir, (one) => {
    if (!enter(one)) return false
    const place = fsPath(dir, one)
    const { mode } = fs.lstatSync(place)
    if ((mode & 0o700) !== 0o700) fs.chmodSync(place, (mode & 0o777) | 0o700)
    return true
  })
  if (walked.closed.length > 0)
    throw Object.assign(new Error(`closed: ${walked.closed[0]}`), { code: 'EACCES', errno: -13 })
  return walked
}

/** By walking: git itself never lists what lies in a `.git`. */
async function removeUnignored(own: OwnRepository, place: TreePlace, held: Held): Promise<Result<void>> {
  const rules = await ignoreFilesIn(own, held)
  if (!rules.ok) return rules
  const ignored = await ignoredIn(own, place, rules.value)
  if (!ignored.ok) return ignored
  const directories = directoriesOf([...held.keys(), ...ignored.value])
  const isGit = (one: string): boolean => one.endsWith('/.git')
  const { found } = walkOpening(
    place.dir,
    (one) => !ignored.value.has(one) && held.get(one) !== null && !isGit(one),
  )
  for (const [one, { kind }] of [...found].toReversed()) {
    if (held.has(one) || ignored.value.has(one)) continue
    if (kind !== 'directory' || isGit(one) || !directories.has(one)) removeAt(place.dir, one)
  }
  return ok(undefined)
}
