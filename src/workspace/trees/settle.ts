import fs from 'node:fs'
import path from 'node:path'
import { systemWords } from '../../base/system-words.ts'
import { errno } from '../../base/read-file.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { directoriesOf } from '../layer.ts'
import { gitIn } from './git.ts'
import { directoriesIn, heldBy } from './held.ts'
import { fetchLarge } from './lfs.ts'
import { isAsIndexed, readIndex } from './own-index.ts'
import { removeAt } from './remove.ts'
import { type Held, ignoreFilesIn, ignoredIn } from './rules.ts'
import type { OwnRepository, TreePlace } from './types.ts'
import { type Found, type Walked, lookAt, walkTree } from './walk-tree.ts'

/** What a work tree holds by now. */
export interface Settled {
  readonly held: Held
  /** What is there besides: files, links, and directories in which nothing is the tree's; what is in those is not named. */
  readonly besides: readonly string[]
}

/**
 * Makes a work tree hold exactly this tree. What is not of the tree goes, but for what the tree's own rules ignore where `ignored`
 * is `keep`. A file that is not the one that our index saw is written anew, and so is one with a second name somewhere, through
 * which it could still be changed. Codes: worktree-failed, and those of git.
 */
export async function settle(
  own: OwnRepository,
  place: TreePlace,
  tree: string,
  ignored: 'keep' | 'remove',
): Promise<Result<Settled>> {
  const held = await heldBy(own, tree)
  if (!held.ok) return held
  fs.mkdirSync(place.dir, { recursive: true, mode: 0o700 })
  fs.mkdirSync(path.dirname(place.index), { recursive: true, mode: 0o700 })
  // Of a call that was cut short. Only one process of ours works here at a time.
  fs.rmSync(`${place.index}.lock`, { force: true })
  let left: readonly string[]
  try {
    left = clear(own, place, held.value, ignored)
  } catch (error) {
    if (errno(error) === 'unknown') throw error
    return fail('worktree-failed', `${place.dir} could not be cleared: ${systemWords(error)}`)
  }
  const written = await writeTree(own, place, tree, held.value)
  if (!written.ok) return written
  const besides = await removeUnignored(own, place, held.value, left)
  return besides.ok ? ok({ held: held.value, besides: besides.value }) : besides
}

/** Writes what differs from what the index says; that has to be so. Codes: worktree-failed, and those of git. */
export async function writeTree(
  own: OwnRepository,
  place: TreePlace,
  tree: string,
  held: Held,
): Promise<Result<void>> {
  const large = await fetchLarge(own, held)
  if (!large.ok) return large
  const written = await gitIn(own, place, { args: ['read-tree', '--reset', '-u', tree] })
  return written.ok ? ok(undefined) : written
}

/** Gives what stays although the tree does not hold it. */
function clear(
  own: OwnRepository,
  { dir, index }: TreePlace,
  held: Held,
  ignored: 'keep' | 'remove',
): readonly string[] {
  const directories = directoriesIn(held)
  const entries = readIndex(index, own.format)
  // An index that cannot be read would keep git from writing another.
  if (entries.size === 0) fs.rmSync(index, { force: true })
  const { found } = walkOpening(dir, (one) => directories.has(one))
  const left: string[] = []
  for (const [one, { kind, stat }] of found) {
    if (kind === 'directory') {
      if (directories.has(one)) continue
      const stays = held.has(one) ? held.get(one) === null : ignored === 'keep'
      if (!stays) removeAt(dir, one)
      else left.push(one)
      continue
    }
    const entry = entries.get(one)
    const isHeld = held.has(one)
    const isKept = isHeld
      ? entry !== undefined && isAsIndexed(entry, stat) && stat.nlink === 1n
      : ignored === 'keep' && !directories.has(one) && kind !== 'other'
    if (!isKept) removeAt(dir, one)
    else if (!isHeld) left.push(one)
  }
  return left
}

/** Walks a tree of ours. A directory that an agent closed to us is opened. Throws what the file system says. */
export function walkOpening(dir: string, enter: (path: string) => boolean, below = ''): Walked {
  const opening = (one: string): true => {
    const place = fsPath(dir, one)
    const { mode } = fs.lstatSync(place)
    if ((mode & 0o700) !== 0o700) fs.chmodSync(place, (mode & 0o777) | 0o700)
    return true
  }
  if (below !== '') opening(below)
  const walked = walkTree(dir, (one) => enter(one) && opening(one), below)
  if (walked.closed.length > 0)
    throw Object.assign(new Error(`closed: ${walked.closed[0]}`), { code: 'EACCES', errno: -13 })
  return walked
}

/** All that lies at these places and below them, opened. A directory comes before what is in it. Throws what the file system says. */
export function foundAt(dir: string, places: Iterable<string>): ReadonlyMap<string, Found> {
  const all = new Map<string, Found>()
  for (const one of places) {
    const there = lookAt(fsPath(dir, one))
    if (there === null) continue
    all.set(one, there)
    if (there.kind !== 'directory') continue
    for (const [below, found] of walkOpening(dir, () => true, one).found) all.set(below, found)
  }
  return all
}

/** Takes away what no rule of the tree ignores; gives the rest. By walking: git itself never lists what lies in a `.git`. */
async function removeUnignored(
  own: OwnRepository,
  place: TreePlace,
  held: Held,
  left: readonly string[],
): Promise<Result<readonly string[]>> {
  // What the tree before held there is gone by now.
  const there = left.filter((one) => fs.lstatSync(fsPath(place.dir, one), { throwIfNoEntry: false }))
  if (there.length === 0) return ok([])
  const rules = await ignoreFilesIn(own, held)
  if (!rules.ok) return rules
  const ignored = await ignoredIn(own, place, rules.value)
  if (!ignored.ok) return ignored
  const holding = directoriesOf(ignored.value)
  const isGit = (one: string): boolean => one.endsWith('/.git')
  const besides: string[] = []
  for (const one of there) {
    if (held.has(one) || ignored.value.has(one) || (holding.has(one) && !isGit(one))) besides.push(one)
    else {
      removeAt(place.dir, one)
      continue
    }
    if (held.has(one) || !holding.has(one)) continue
    const { found } = walkOpening(place.dir, (below) => !ignored.value.has(below) && !isGit(below), one)
    for (const [below, { kind }] of [...found].toReversed()) {
      if (ignored.value.has(below)) continue
      if (kind !== 'directory' || isGit(below) || !holding.has(below)) removeAt(place.dir, below)
    }
  }
  return ok(besides)
}
