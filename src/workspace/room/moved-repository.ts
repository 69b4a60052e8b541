import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { splitNul } from '../../evidence/git/parse.ts'
import { pathText } from '../../evidence/path-text.ts'
import { type RoomGit, roomGit } from './room-git.ts'
import type { CommitDifference } from './room-index.ts'
import { linkObjects, mainBranches, objectDirectories, packListed } from './room-objects.ts'
import { type ObjectNames, packNames } from './pack-names.ts'
import { HISTORY, type RoomRepository, writeStanding } from './room-repository.ts'

/** Git asks each pack in turn, and each move makes one. */
const MOST_PACKS = 40
const MOST_COMMITS = 100

/**
 * Makes of a room's repository of one commit that of a later one, with nothing packed anew but what came since. Gives what the two
 * hold differently. Null: it has to be made anew, because the way from one to the other is not a plain row of commits.
 */
export function moveRepository(room: string, from: RoomRepository, before: string): CommitDifference | null {
  const { commit, refs } = from
  const dir = path.join(room, '.git')
  const packs = namesIn(path.join(dir, 'objects', 'pack')).filter((name) => name.endsWith('.idx'))
  if (commit === null || packs.length >= MOST_PACKS) return null
  const theirs = objectDirectories(path.join(from.repo.commonDir, 'objects'))
  const run = roomGit(from, room, theirs)
  const way = wayBetween(run, before, commit)
  if (way === null) return null
  const known = new Set([...way, before, ...mainBranches({ head: null, list: refsIn(dir) })])
  if (!mainBranches(refs).every((oid) => known.has(oid))) return null
  const packed = packListed(run, dir, [commit, `^${before}`])
  if (!packed.ok) return null
  const differs = differenceOf(roomGit(from, room), before, commit)
  if (differs === null) return null
  const held = heldIn(dir, from.repo.format, packs, packed.value)
  for (const objects of theirs) linkObjects(objects, path.join(dir, HISTORY), held)
  writeStanding(dir, from)
  return differs
}

/** The commits from one to the other, each with the one before it as its only parent: nothing else can be in the last one. */
function wayBetween(run: RoomGit, before: string, commit: string): readonly string[] | null {
  const listed = run(['rev-list', '--parents', `--max-count=${MOST_COMMITS}`, commit, `^${before}`])
  if (!listed.ok) return null
  const parents = new Map(
    listed.value
      .toString('latin1')
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  )
  const way: string[] = []
  for (let at = commit; at !== before;) {
    const parent = parents.get(at)
    if (parent === undefined || way.length > MOST_COMMITS) return null
    way.push(at)
    at = parent
  }
  return way
}

function refsIn(dir: string): readonly (readonly [name: string, oid: string])[] {
  const read = readTextSafe(path.join(dir, 'packed-refs'), { maxBytes: 1 << 28 })
  if (!read.ok) return []
  const lines = read.value.split('\n').filter((line) => line !== '')
  return lines.map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))])
}

/** Names that the room's own packs hold. Older ones are read when one is asked for. */
function heldIn(
  dir: string,
  format: 'sha1' | 'sha256',
  packs: readonly string[],
  newest: ObjectNames,
): ObjectNames {
  let older: readonly ObjectNames[] | null = null
  const read = (): readonly ObjectNames[] =>
    packs.map((name) => packNames(path.join(dir, 'objects', 'pack', name), format))
  return { has: (name) => newest.has(name) || (older ??= read()).some((held) => held.has(name)) }
}

/** Null where a submodule is among it, which has no content here. */
function differenceOf(run: RoomGit, before: string, commit: string): CommitDifference | null {
  const listed = run(['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', before, commit])
  if (!listed.ok) return null
  const fields = splitNul(listed.value)
  const found = new Map<string, { readonly mode: string; readonly oid: string } | null>()
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [was, mode, , oid] = fields[at]!.toString('latin1').slice(1).split(' ')
    if (was === SUBMODULE || mode === SUBMODULE) return null
    found.set(pathText(fields[at + 1]!), mode === NONE ? null : { mode: mode!, oid: oid! })
  }
  return found
}

const SUBMODULE = '160000'
const NONE = '000000'
