import { removeOwned } from '../../base/owned-directory.ts'
import { type Result, ok } from '../../base/result.ts'
import { readInventory } from '../../workspace/trees/inventory.ts'
import { refAt } from '../../workspace/trees/own.ts'
import { rescue } from '../../workspace/trees/rescue.ts'
import { reuseWorktree } from '../../workspace/trees/reuse.ts'
import type { AttemptFailure, NewBatchEvent } from '../record/events.ts'
import { counts } from '../record/counts.ts'
import { refs } from '../batch/paths.ts'
import { keepProposal } from './proposal-file.ts'
import type { AttemptState } from '../record/state.ts'
import { reviewRoomOf } from '../review/review-room.ts'
import { batchStep } from '../step.ts'
import { promptsOf, scratchOf, worktreeOf } from './worktree-of.ts'
import type { World } from '../world.ts'

/** Ends an attempt that failed: its work is rescued first, then the worktree is as it was. Codes: those of trees. */
export async function windUp(world: World, attempt: AttemptState): Promise<Result<readonly NewBatchEvent[]>> {
  const { stage, base } = attempt
  const kept = keepProposal(world, attempt)
  if (!kept.ok) return kept
  return stage.at === 'ending' ? ended(world, attempt, stage.failure, base) : ok([])
}

/** Ends an attempt whose work is in the head. What lies beside it, such as ignored files, is rescued like any other work. */
export async function finish(world: World, attempt: AttemptState): Promise<Result<readonly NewBatchEvent[]>> {
  const { stage } = attempt
  return stage.at === 'integrated' ? ended(world, attempt, null, stage.candidate.commit) : ok([])
}

/** `known`: what is in this commit is nowhere else to be kept. */
async function ended(
  { own, opened, ledger }: World,
  attempt: AttemptState,
  failure: AttemptFailure | null,
  known: string,
): Promise<Result<readonly NewBatchEvent[]>> {
  const { item, fence, worktree, base } = attempt
  const ref = refs.rescue(opened.batch, item, attempt.attempt)
  // It never came to one.
  if (worktree === '') return over(null, null)
  // Whoever was killed after the reset rescued it before: what is there by now is the head's.
  const wasReset = (readInventory(own, worktree)?.commit ?? base) !== base
  if (wasReset) {
    const kept = await refAt(own, ref)
    return kept.ok ? over(kept.value === null ? null : ref, null) : kept
  }
  batchStep('rescue')
  const saved = await rescue(own, worktreeOf(own, attempt), known, ref, attempt.at)
  batchStep('rescue')
  if (!saved.ok) return saved
  if (saved.value.kind !== 'set-aside') {
    const { head, layers } = ledger.state()
    batchStep('reset')
    const reset = await reuseWorktree(own, worktree, head, { sameItem: true, prepared: layers })
    batchStep('reset')
    // The next attempt takes another one.
    if (!reset.ok && reset.error.code !== 'worktree-busy' && reset.error.code !== 'worktree-foreign')
      return reset
  }
  const { value } = saved
  return over(value.kind === 'rescued' ? ref : null, value.kind === 'set-aside' ? value.directory : null)

  function over(kept: string | null, setAside: string | null): Result<readonly NewBatchEvent[]> {
    for (const dir of [scratchOf, promptsOf]) removeOwned(dir(own, item, attempt.attempt))
    removeOwned(reviewRoomOf(own, `${item}-${attempt.attempt}`))
    const counted = failure !== null && counts(failure)
    return ok([{ type: 'attempt-ended', data: { item, fence, failure, counted, rescue: kept, setAside } }])
  }
}
