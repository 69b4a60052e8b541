import fs from 'node:fs'
import path from 'node:path'
import { makeOwned, removeOwned } from '../../base/owned-directory.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { checkTree } from './land-check.ts'
import { type Journal, readJournal, removeJournal, writeJournal } from './land-journal.ts'
import { isLocked, lockTrees, newToken, unlockTrees } from './land-lock.ts'
import { type Moving, moveFiles, restoreFiles } from './land-files.ts'
import { isAncestor } from './own.ts'
import { movePersonBranch, personBranch, personTrees } from './person-trees.ts'
import { sendObjects } from './publish.ts'
import type { OwnRepository } from './types.ts'

export interface LandOptions {
  /** A branch of the person's, by its short name. */
  readonly target: string
  readonly head: string
  /** Where the target was when the head was joined with it. */
  readonly expected: string
}

export type Landed =
  /** `trees`: whose files moved with it. */
  | { readonly kind: 'landed'; readonly trees: readonly string[] }
  /** The target is elsewhere; null: it is gone. Nothing was changed. */
  | { readonly kind: 'moved'; readonly now: string | null }

/**
 * Moves a branch of the person's forward to the head, with the files of every work tree that has it checked out. Where anything of
 * the person's stands in the way nothing is changed. One that was cut short is first brought to its end. No hook runs.
 *
 *     lock every index ─► look ─► journal ─► files, indexes ─► the ref ─► unlock
 *
 * Codes: land-refused (with what stands in the way), and those of git.
 */
export async function land(own: OwnRepository, options: LandOptions): Promise<Result<Landed>> {
  const mended = await recoverLand(own)
  if (!mended.ok) return mended
  const { target, head, expected } = options
  const now = await personBranch(own, target)
  if (!now.ok) return now
  if (now.value === head) return ok({ kind: 'landed', trees: [] })
  if (now.value !== expected) return ok({ kind: 'moved', now: now.value })
  const holds = await isAncestor(own, expected, head)
  if (!holds.ok) return holds
  if (!holds.value) return fail('land-refused', `${head} does not hold ${expected}, at which ${target} is`)
  const all = personTrees(own)
  const busy = all.find(
    (tree) => tree.held.includes(target) || (tree.branch === target && tree.busy !== null),
  )
  if (busy !== undefined)
    return fail(
      'land-refused',
      `${busy.busy ?? 'something'} of ${target} is in progress in ${busy.top ?? busy.gitDir}`,
    )
  // Else files would move before git says so.
  const lock = path.join(own.person.commonDir, `refs/heads/${target}.lock`)
  if (fs.existsSync(lock))
    return fail('land-refused', `the branch ${target} cannot be moved: git is at work there (${lock})`)
  const sent = await sendObjects(own, head)
  if (!sent.ok) return sent
  const trees = all.flatMap(({ branch, top, gitDir }) =>
    branch === target && top !== null ? [{ top, gitDir }] : [],
  )
  return landIn(own, { ...options, trees, token: newToken(), phase: 'begun' })
}

async function landIn(own: OwnRepository, journal: Journal): Promise<Result<Landed>> {
  // Before the first lock, so that a lock that is left over is known as ours.
  writeJournal(own, journal)
  const scratch = makeOwned(path.join(own.data, 'scratch'))
  try {
    const landed = await lockAndMove(own, journal, scratch)
    // Of what could not be brought back the journal stays, and the locks with it.
    if (landed.ok || readJournal(own)?.phase !== 'stuck') end(own, journal)
    return landed
  } finally {
    removeOwned(scratch)
  }
}

function end(own: OwnRepository, journal: Journal): void {
  unlockTrees(journal)
  removeJournal(own)
}

async function lockAndMove(own: OwnRepository, journal: Journal, scratch: string): Promise<Result<Landed>> {
  const { target, head, expected, trees } = journal
  const locked = lockTrees(journal)
  if (!locked.ok) return locked
  const moves: Moving[] = []
  for (const [nth, tree] of trees.entries()) {
    const checked = await checkTree(own, tree, journal, path.join(scratch, `index-${nth}`))
    if (!checked.ok) return checked
    moves.push({ tree, index: checked.value })
  }
  writeJournal(own, { ...journal, phase: 'moving' })
  for (const move of moves) {
    const moved = await moveFiles(own, move, journal)
    if (!moved.ok) return undo(own, journal, moved.error.message)
  }
  const set = await movePersonBranch(own, target, expected, head)
  if (!set.ok) return undo(own, journal, set.error.message)
  return ok({ kind: 'landed', trees: trees.map(({ top }) => top) })
}

async function undo(own: OwnRepository, journal: Journal, why: string): Promise<Result<never>> {
  for (const tree of journal.trees) {
    const restored = await restoreFiles(own, tree, journal, journal.expected)
    if (restored.ok) continue
    writeJournal(own, { ...journal, phase: 'stuck' })
    return fail(
      'land-refused',
      `${why}; and ${tree.top} could not be brought back: ${restored.error.message}`,
    )
  }
  return fail('land-refused', `${journal.target} was not moved: ${why}`)
}

/**
 * Brings a landing to its end that was cut short: forward where that can be, else back. A work tree whose lock a person took away
 * is the person's again, and is left as it is. Does nothing where there is none. Codes: land-refused (a file that was about to be
 * moved is neither what it was nor what it is to become), and those of git.
 */
export async function recoverLand(own: OwnRepository): Promise<Result<void>> {
  const journal = readJournal(own)
  if (journal === null) return ok(undefined)
  const { target, head, expected, trees, phase } = journal
  if (phase === 'begun') return ok(end(own, journal))
  const now = await personBranch(own, target)
  if (!now.ok) return now
  const ours = trees.filter((tree) => isLocked(journal, tree))
  const forward = now.value === head || (now.value === expected && ours.length === trees.length)
  for (const tree of ours) {
    const restored = await restoreFiles(own, tree, journal, forward ? head : expected)
    if (!restored.ok)
      return fail(
        'land-refused',
        `a landing on ${target} was cut short, and ${tree.top} cannot be brought to its end: ${restored.error.message}`,
      )
  }
  if (forward && now.value === expected) {
    const set = await movePersonBranch(own, target, expected, head)
    if (!set.ok) return set
  }
  return ok(end(own, journal))
}
