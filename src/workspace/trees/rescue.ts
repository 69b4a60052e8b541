import fs from 'node:fs'
import path from 'node:path'
import { makeOwned, removeOwned } from '../../base/owned-directory.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { commitPaths } from '../../evidence/git/sides.ts'
import { commitTree, setRef } from './commit.ts'
import { gitObjects, repoOf } from './git.ts'
import { removeInventory } from './inventory.ts'
import { refAt } from './own.ts'
import { adminOf, placeOf } from './paths.ts'
import { type StrayRef, restoreRefs, strayRefs } from './stray-refs.ts'
import { ownCommits } from './rescue-commits.ts'
import { type Loose, namesInTree, unknownIn } from './rescue-list.ts'
import { hashLoose, treeWith } from './rescue-tree.ts'
import type { OwnRepository, Rescued, Worktree } from './types.ts'

/**
 * Keeps what is in a worktree before it is reset or removed: every file and link that is neither the base's nor was prepared is in
 * the commit that the ref then names, byte for byte, ignored or not. That is proved by looking again. Where it cannot be proved,
 * the whole directory is moved aside and kept. What the ref held before is kept as well: whoever was killed while the worktree was
 * reset begins again with less in it, and in one that is gone there is nothing. `at`: milliseconds since the epoch. Codes:
 * rescue-failed (neither worked, so nothing may be reset), and those of git.
 */
export async function rescue(
  own: OwnRepository,
  worktree: Worktree,
  base: string,
  ref: string,
  at: number,
): Promise<Result<Rescued>> {
  const earlier = await refAt(own, ref)
  const there = fs.lstatSync(placeOf(own, worktree.name).dir, { throwIfNoEntry: false })
  // What the ref holds stays there, whether it can be read now or not.
  if (!earlier.ok) return there === undefined ? earlier : setAside(own, worktree, earlier.error.message)
  if (there === undefined) return ok(keptBefore(earlier.value))
  // Behind a link lies what is not ours to read.
  if (!there.isDirectory()) return setAside(own, worktree, 'a link or a file lies in its place')
  const scratch = makeOwned(path.join(own.data, 'scratch'))
  try {
    const strays = await strayRefs(own, worktree.name)
    if (!strays.ok) return strays
    const keeping = { ref, earlier: earlier.value, at, scratch, strays: strays.value }
    const kept = await keep(own, worktree, base, keeping)
    if (!kept.ok) return setAside(own, worktree, kept.error.message)
    // What cannot be brought back is looked at again by the next rescue.
    await restoreRefs(own, strays.value)
    return kept
  } finally {
    removeOwned(scratch)
  }
}

function keptBefore(earlier: string | null): Rescued {
  return earlier === null ? { kind: 'nothing' } : { kind: 'rescued', commit: earlier }
}

interface Keeping {
  readonly ref: string
  /** What the ref holds by now. */
  readonly earlier: string | null
  readonly at: number
  readonly scratch: string
  /** Their commits are kept too. */
  readonly strays: readonly StrayRef[]
}

async function keep(
  own: OwnRepository,
  { name }: Worktree,
  base: string,
  { ref, earlier, at, scratch, strays }: Keeping,
): Promise<Result<Rescued>> {
  const { dir } = placeOf(own, name)
  const held = await commitPaths(repoOf(own), own.shadow, base)
  if (!held.ok) return held
  const before = unknownIn(own, name, held.value)
  if (!before.ok) return before
  const { loose, removed, marks } = before.value
  const known = [base, ...(earlier === null ? [] : [earlier])]
  const commits = await ownCommits(own, name, known, strays)
  if (!commits.ok) return commits
  if (loose.length === 0 && removed.length === 0 && commits.value.length === 0) return ok(keptBefore(earlier))
  const names = namesInTree(loose)
  if (!names.ok) return names
  const oids = await hashLoose(own, dir, loose, scratch)
  if (!oids.ok) return oids
  if (earlier !== null && commits.value.length === 0) {
    const isKept = await prove(own, earlier, loose, names.value, oids.value)
    if (isKept.ok) return ok(keptBefore(earlier))
  }
  const tree = await treeWith(own, {
    base,
    held: held.value,
    removed,
    loose,
    names: names.value,
    oids: oids.value,
    scratch,
  })
  if (!tree.ok) return tree
  const proved = await prove(own, tree.value, loose, names.value, oids.value)
  if (!proved.ok) return proved
  const after = unknownIn(own, name, held.value)
  if (!after.ok) return after
  if (!isSame(marks, after.value.marks)) return fail('rescue-failed', 'files changed while they were kept')
  const message = `What was left in the worktree ${name}\n`
  const { identity } = own.person
  const commit = await commitTree(own, {
    tree: tree.value,
    parents: [...known, ...commits.value],
    message,
    identity,
    at,
  })
  if (!commit.ok) return commit
  const set = await setRef(own, ref, commit.value)
  return set.ok ? ok({ kind: 'rescued', commit: commit.value }) : set
}

/** Whether all of it stands in the tree, under its name and with the content that was read. */
async function prove(
  own: OwnRepository,
  tree: string,
  loose: readonly Loose[],
  names: readonly string[],
  oids: readonly string[],
): Promise<Result<void>> {
  const stored = await commitPaths(repoOf(own), own.shadow, tree)
  if (!stored.ok) return stored
  const lost = loose.find((_one, at) => stored.value.get(names[at]!)?.oid !== oids[at])
  if (lost !== undefined) return fail('rescue-failed', `${lost.path} is not in the commit`)
  const asked = await gitObjects(own, {
    args: ['cat-file', '--batch-check=%(objecttype)'],
    input: Buffer.from(oids.map((oid) => `${oid}\n`).join('')),
  })
  if (!asked.ok) return asked
  const types = asked.value.toString('latin1').trim().split('\n')
  return oids.length === 0 || (types.length === oids.length && types.every((type) => type === 'blob'))
    ? ok(undefined)
    : fail('rescue-failed', 'an object that was written is not there')
}

function isSame(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): boolean {
  return before.size === after.size && [...before].every(([one, mark]) => after.get(one) === mark)
}

/** The directory goes out of the agents' way, as it is. */
function setAside(own: OwnRepository, { name }: Worktree, why: string): Result<Rescued> {
  const { dir, index } = placeOf(own, name)
  const parent = path.join(own.data, 'set-aside')
  try {
    fs.mkdirSync(parent, { recursive: true, mode: 0o700 })
    let nth = 1
    while (fs.existsSync(path.join(parent, `${name}-${nth}`))) nth += 1
    const directory = path.join(parent, `${name}-${nth}`)
    removeInventory(own, name)
    fs.renameSync(dir, directory)
    fs.rmSync(adminOf(own, name), { recursive: true, force: true })
    fs.rmSync(index, { force: true })
    return ok({ kind: 'set-aside', directory, why })
  } catch (error) {
    return fail(
      'rescue-failed',
      `${dir} could not be kept: ${why}; and it could not be moved aside: ${systemWords(error)}`,
    )
  }
}
