import { type Result, fail, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { bringIn } from '../../workspace/trees/bring-in.ts'
import { commitTree, setRef } from '../../workspace/trees/commit.ts'
import { join } from '../../workspace/trees/join.ts'
import { land } from '../../workspace/trees/land.ts'
import { mergeBase } from '../../workspace/trees/merge-base.ts'
import { personBranch } from '../../workspace/trees/person-trees.ts'
import { batchGround } from '../batch/batch-ground.ts'
import { type BatchLedger, openBatchLedger } from '../record/batch-ledger.ts'
import { checkCommit } from '../judge/check-commit.ts'
import { newestBatch } from '../batch/find-batch.ts'
import { takeLock } from '../batch/lock.ts'
import { type BatchPaths, refs, repoPaths } from '../batch/paths.ts'
import { type Site, siteOf } from '../batch/site.ts'
import type { BatchState } from '../record/state.ts'
import { batchStep } from '../step.ts'
import type { Ground, World } from '../world.ts'

export type LandEnded =
  | { readonly kind: 'landed'; readonly target: string; readonly commit: string; readonly joined: boolean }
  | { readonly kind: 'already'; readonly target: string; readonly commit: string }
  | { readonly kind: 'conflict'; readonly target: string; readonly paths: readonly string[] }
  /** Gates of the final profile fail once the work is joined to what the target has by now. */
  | { readonly kind: 'red'; readonly target: string; readonly red: readonly string[] }

/** Somebody may move the target each time. */
const MOST_ROUNDS = 3

/**
 * Brings what is done to its target: the head as it is where the target did not move; else both joined, and judged like any tree.
 * Nothing of the person's tree is written but by `land`. Codes: batch-missing, land-nothing, land-no-target, land-target-gone,
 * land-moving, batch-running, and those of trees.
 */
export async function landBatch(
  context: Context,
  cwd: string,
  io: Pick<World, 'watch' | 'signals'>,
): Promise<Result<LandEnded>> {
  const site = siteOf(cwd)
  if (!site.ok) return site
  const lock = takeLock(repoPaths(context.env.home, site.value.repoId).lock)
  if (!lock.ok) return lock
  try {
    return await landLocked(context, site.value, io)
  } finally {
    lock.value.letGo()
  }
}

async function landLocked(
  context: Context,
  site: Site,
  io: Pick<World, 'watch' | 'signals'>,
): Promise<Result<LandEnded>> {
  const found = newestBatch(context.env.home, site.repoId)
  if (!found.ok) return found
  if (found.value === null)
    return fail('batch-missing', 'this repository has no batch', { fix: 'autonomous-loop run' })
  const { batch, state } = found.value
  const { opened, head } = state
  if (head === opened.base)
    return fail('land-nothing', `nothing of batch ${batch} is done`, {
      fix: 'autonomous-loop status --batch',
    })
  if (opened.target === null)
    return fail(
      'land-no-target',
      'HEAD was detached when the batch was opened, so there is no branch to land on',
      {
        fix: `git merge ${state.published?.branch ?? head}`,
      },
    )
  const ground = await batchGround(context, site, found.value, io)
  if (!ground.ok) return ground
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const landed = await landOnce(ground.value, found.value.paths, state, opened.target)
    if (!landed.ok || landed.value !== 'moved') return landed as Result<LandEnded>
  }
  return fail('land-moving', `${opened.target} moved ${MOST_ROUNDS} times meanwhile`, {
    fix: 'autonomous-loop land --merge',
  })
}

async function landOnce(
  ground: Ground,
  paths: BatchPaths,
  { head }: BatchState,
  target: string,
): Promise<Result<LandEnded | 'moved'>> {
  const { own, context } = ground
  const now = await personBranch(own, target)
  if (!now.ok) return now
  if (now.value === null)
    return fail('land-target-gone', `there is no branch ${target} any more`, {
      fix: `git branch ${target} <commit>`,
    })
  const expected = now.value
  const brought = await bringIn(own, expected)
  if (!brought.ok) return brought
  const joined = await joinedWith(ground, expected, head, target)
  if (!joined.ok || typeof joined.value !== 'string') return joined as Result<LandEnded>
  const commit = joined.value
  if (commit === expected) return ok({ kind: 'already', target, commit })
  batchStep('land')
  const done = await land(own, { target, head: commit, expected })
  batchStep('land')
  if (!done.ok) return done
  if (done.value.kind === 'moved') return ok('moved')
  const noted = note(paths, context.clock, commit, target)
  return noted.ok ? ok({ kind: 'landed', target, commit, joined: commit !== head }) : noted
}

/** The commit that the target is to become, judged where it is not the head itself. */
async function joinedWith(
  ground: Ground,
  expected: string,
  head: string,
  target: string,
): Promise<Result<string | LandEnded>> {
  const { own, opened, context } = ground
  const base = await mergeBase(own, expected, head)
  if (!base.ok) return base
  if (base.value === expected) return ok(head)
  if (base.value === head) return ok(expected)
  const joined = await join(own, expected, head, base.value)
  if (!joined.ok) return joined
  if (joined.value.kind === 'conflict')
    return ok({ kind: 'conflict', target, paths: joined.value.paths.map((one) => one.path) })
  const commit = await commitTree(own, {
    tree: joined.value.tree,
    parents: [expected, head],
    message: `Land batch ${opened.batch} on ${target}\n\nAutonomous-Loop-Batch: ${opened.batch}\n`,
    identity: opened.identity,
    at: context.clock(),
  })
  if (!commit.ok) return commit
  const kept = await setRef(own, refs.landing(opened.batch), commit.value)
  if (!kept.ok) return kept
  const checked = await checkCommit(ground, 'head', commit.value)
  if (!checked.ok) return checked
  const red = [...checked.value.red, ...checked.value.couldNotRun]
  return ok(red.length === 0 ? commit.value : { kind: 'red', target, red })
}

function note(paths: BatchPaths, clock: () => number, commit: string, target: string): Result<void> {
  const ledger: Result<BatchLedger> = openBatchLedger(paths.ledger, clock, null, () => {})
  if (!ledger.ok) return ledger
  ledger.value.append({ type: 'landed', data: { commit, target } })
  ledger.value.close()
  return ok(undefined)
}
