import { type Result, fail, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { bringIn } from '../../workspace/trees/bring-in.ts'
import { commitTree, setRef } from '../../workspace/trees/commit.ts'
import { moveHead } from '../../workspace/trees/head.ts'
import { join } from '../../workspace/trees/join.ts'
import { mergeBase } from '../../workspace/trees/merge-base.ts'
import { personCommit } from '../../workspace/trees/person-commit.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import { batchGround } from '../batch/batch-ground.ts'
import { type BatchLedger, openBatchLedger } from '../record/batch-ledger.ts'
import { checkCommit } from '../judge/check-commit.ts'
import { newestBatch } from '../batch/find-batch.ts'
import { takeLock } from '../batch/lock.ts'
import { refs, repoPaths } from '../batch/paths.ts'
import type { Site } from '../batch/site.ts'
import type { BatchState } from '../record/state.ts'
import { batchStep } from '../step.ts'
import type { Ground, World } from '../world.ts'

export type TakeEnded =
  /** `joined`: with what the head had, so that the head is a commit of ours. */
  | { readonly kind: 'taken'; readonly commit: string; readonly theirs: string; readonly joined: boolean }
  | { readonly kind: 'already'; readonly theirs: string }
  | { readonly kind: 'conflict'; readonly theirs: string; readonly paths: readonly string[] }
  /** Gates of the final profile that do not pass on it. */
  | { readonly kind: 'red'; readonly theirs: string; readonly red: readonly string[] }

/**
 * Makes a commit of the person's part of the head: joined to it where the head went on, and proved in the clean room like any other.
 * `words`: the commit as git names it; null: the published branch where the person moved it, else HEAD. Codes: batch-missing,
 * batch-running, take-refused, and those of trees and of checkCommit.
 */
export async function takeCommit(
  context: Context,
  site: Site,
  words: string | null,
  io: Pick<World, 'watch' | 'signals'>,
): Promise<Result<TakeEnded>> {
  const lock = takeLock(repoPaths(context.env.home, site.repoId).lock)
  if (!lock.ok) return lock
  try {
    return await takeLocked(context, site, words, io)
  } finally {
    lock.value.letGo()
  }
}

async function takeLocked(
  context: Context,
  site: Site,
  words: string | null,
  io: Pick<World, 'watch' | 'signals'>,
): Promise<Result<TakeEnded>> {
  const found = newestBatch(context.env.home, site.repoId)
  if (!found.ok) return found
  if (found.value === null)
    return fail('batch-missing', 'this repository has no batch', { fix: 'autonomous-loop run' })
  const ground = await batchGround(context, site, found.value, io)
  if (!ground.ok) return ground
  const ledger = openBatchLedger(found.value.paths.ledger, context.clock, null, () => {})
  if (!ledger.ok) return ledger
  try {
    const settled = await settleTaking(ground.value.own, ledger.value)
    return settled.ok ? await takeInto(ground.value, ledger.value, words) : settled
  } finally {
    ledger.value.close()
  }
}

async function takeInto(
  ground: Ground,
  ledger: BatchLedger,
  words: string | null,
): Promise<Result<TakeEnded>> {
  const { own } = ground
  const state = ledger.state()
  const { head } = state
  if ([...state.attempts.values()].some(({ stage }) => stage.at === 'integrating'))
    return fail('take-refused', 'the work of an item is on its way to the head', {
      fix: 'autonomous-loop run',
    })
  const named = await theirCommit(own, state, words)
  if (!named.ok) return named
  const { theirs, branch } = named.value
  const brought = await bringIn(own, theirs)
  if (!brought.ok) return brought
  const base = await mergeBase(own, head, theirs)
  if (!base.ok) return base
  if (base.value === theirs) return ok({ kind: 'already', theirs })
  const made = base.value === head ? ok(theirs) : await joined(ground, head, theirs, base.value)
  if (!made.ok) return made
  if (typeof made.value !== 'string') return ok({ kind: 'conflict', theirs, paths: made.value })
  const commit = made.value
  const checked = await checkCommit(ground, 'head', commit)
  if (!checked.ok) return checked
  const red = [...checked.value.red, ...checked.value.couldNotRun]
  if (red.length > 0) return ok({ kind: 'red', theirs, red })
  ledger.append({
    type: 'taking',
    data: { commit, from: head, theirs, branch, layers: checked.value.layers },
  })
  const moved = await settleTaking(own, ledger)
  if (!moved.ok) return moved
  return ok({ kind: 'taken', commit, theirs, joined: commit !== theirs })
}

/** Finishes what was begun: the head moves, and that is on record. Codes: head-moved, and those of git. */
export async function settleTaking(own: OwnRepository, ledger: BatchLedger): Promise<Result<void>> {
  const { taking, opened } = ledger.state()
  if (taking === null) return ok(undefined)
  batchStep('head')
  const moved = await moveHead(own, refs.head(opened.batch), taking.from, taking.commit)
  batchStep('head')
  if (!moved.ok) return moved
  ledger.append({ type: 'taken', data: taking })
  return ok(undefined)
}

/** Code: take-refused, where the words name no commit. */
async function theirCommit(
  own: OwnRepository,
  { published }: BatchState,
  words: string | null,
): Promise<Result<{ readonly theirs: string; readonly branch: string | null }>> {
  const ours = published === null ? ok(null) : await personCommit(own, `refs/heads/${published.branch}`)
  if (!ours.ok) return ours
  if (words === null && published !== null && ours.value !== null && ours.value !== published.commit)
    return ok({ theirs: ours.value, branch: published.branch })
  const named = await personCommit(own, words ?? 'HEAD')
  if (!named.ok) return named
  if (named.value === null)
    return fail('take-refused', `${words ?? 'HEAD'} is not a commit of this repository`, {
      fix: 'git log --oneline',
    })
  const isPublished = published !== null && ours.value === named.value
  return ok({ theirs: named.value, branch: isPublished ? published.branch : null })
}

/** The commit that holds both, or the paths in conflict. */
async function joined(
  { own, opened, context }: Ground,
  head: string,
  theirs: string,
  base: string,
): Promise<Result<string | readonly string[]>> {
  const both = await join(own, head, theirs, base)
  if (!both.ok) return both
  if (both.value.kind === 'conflict') return ok(both.value.paths.map(({ path }) => path))
  const commit = await commitTree(own, {
    tree: both.value.tree,
    parents: [head, theirs],
    message: `Take ${theirs.slice(0, 12)} into batch ${opened.batch}\n\nAutonomous-Loop-Batch: ${opened.batch}\n`,
    identity: opened.identity,
    at: context.clock(),
  })
  if (!commit.ok) return commit
  const kept = await setRef(own, refs.taking(opened.batch), commit.value)
  return kept.ok ? commit : kept
}
