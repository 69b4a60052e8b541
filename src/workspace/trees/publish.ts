import { type Result, ok } from '../../base/result.ts'
import { refsNow } from '../../evidence/git/refs.ts'
import { gitObjects, gitPersonObjects, repoOf } from './git.ts'
import { sendLarge } from './lfs.ts'
import { isAncestor } from './own.ts'
import { heldAmong, copyPack } from './pack.ts'
import { movePersonBranch, personBranch, personTrees } from './person-trees.ts'
import type { OwnRepository } from './types.ts'

export type Published =
  /** `wanted`: why it has another name than the one that was asked for; null: it has that. */
  | { readonly kind: 'published'; readonly branch: string; readonly instead: string | null }
  /** Every name that was tried is somebody else's. */
  | { readonly kind: 'left'; readonly why: string }

/** As many names are tried. */
const MOST_NAMES = 9

/**
 * Shows a head in the person's repository as a branch. A branch that is not as we left it (`knownBefore`: where we published it, null
 * if we did not) belongs to the person, and so does one that is checked out: another name is taken then. No hook runs, and
 * nothing else is written. Codes: those of git.
 */
export async function publish(
  own: OwnRepository,
  branch: string,
  head: string,
  knownBefore: string | null,
): Promise<Result<Published>> {
  const sent = await sendObjects(own, head)
  if (!sent.ok) return sent
  const reasons: string[] = []
  for (let nth = 1; nth <= MOST_NAMES; nth += 1) {
    const name = nth === 1 ? branch : `${branch}-${nth}`
    const tried = await tryName(own, name, head, knownBefore)
    if (!tried.ok) return tried
    if (tried.value === null) return ok({ kind: 'published', branch: name, instead: reasons[0] ?? null })
    reasons.push(tried.value)
  }
  return ok({ kind: 'left', why: reasons[0] ?? `${branch} cannot be written` })
}

/** Null: it is there. Else why it is not. */
async function tryName(
  own: OwnRepository,
  name: string,
  head: string,
  knownBefore: string | null,
): Promise<Result<string | null>> {
  const now = await personBranch(own, name)
  if (!now.ok) return now
  if (now.value === head) return ok(null)
  const inUse = personTrees(own).find((tree) => tree.branch === name || tree.held.includes(name))
  if (inUse !== undefined) return ok(`the branch ${name} is checked out in ${inUse.top ?? inUse.gitDir}`)
  if (now.value !== null) {
    if (now.value !== knownBefore) return ok(`there is a branch ${name} that was not published so`)
    const holds = await isAncestor(own, now.value, head)
    if (!holds.ok) return holds
    if (!holds.value) return ok(`the branch ${name} holds work that the head does not`)
  }
  const moved = await movePersonBranch(own, name, now.value, head)
  return ok(moved.ok ? null : moved.error.message)
}

/** Copies what a commit reaches to the person's repository, as far as it lacks it. Codes: those of git. */
export async function sendObjects(own: OwnRepository, commit: string): Promise<Result<void>> {
  const there = await heldAmong(own, gitPersonObjects, [commit])
  if (!there.ok) return there
  // A pack arrives whole or not at all, so a commit is never there without what it reaches.
  if (there.value.length > 0) return ok(undefined)
  const refs = await refsNow({ ...repoOf(own), ...own.person }, own.shadow)
  if (!refs.ok) return refs
  const both = await heldAmong(
    own,
    gitObjects,
    refs.value.list.map(([, oid]) => oid),
  )
  if (!both.ok) return both
  const names = [commit, ...both.value.map((one) => `^${one}`)]
  const commits = await gitObjects(own, { args: ['rev-list', ...names] })
  if (!commits.ok) return commits
  // First, because a commit that is there has all that it needs.
  const large = await sendLarge(
    own,
    commits.value
      .toString('latin1')
      .split('\n')
      .filter((one) => one !== ''),
  )
  if (!large.ok) return large
  return copyPack(own, { from: gitObjects, to: gitPersonObjects, names, reaches: true, strict: false })
}
