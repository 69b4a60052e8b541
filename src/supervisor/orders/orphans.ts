import { isOver } from '../batch/find-batch.ts'
import type { BatchState } from '../record/state.ts'
import type { Listed } from '../../workspace/trees/worktree.ts'

/** Nothing of it will be gone on with: its head is part of the target, or there is none. Pure. */
function isFinished(state: BatchState): boolean {
  const { head, landed, opened } = state
  return isOver(state) && (landed?.commit === head || head === opened.base)
}

/**
 * Worktrees that no batch has: those of items stay warm until what was done has landed. `states`: of all batches of the repository.
 * Pure.
 */
export function orphansAmong(listed: readonly Listed[], states: readonly BatchState[]): readonly Listed[] {
  const wanted = new Set(
    states
      .filter((one) => !isFinished(one))
      .flatMap(({ attempts, items }) => [
        ...[...attempts.values()].map((one) => one.worktree),
        ...[...items.values()].map((one) => one.worktree),
      ]),
  )
  return listed.filter(({ name }) => !wanted.has(name))
}
