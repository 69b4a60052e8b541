import { type Result, fail } from '../../base/result.ts'
import type { FrozenItem } from '../record/events.ts'
import type { FoundBatch } from './find-batch.ts'

/** Another one is asked for. Code: batch-open. */
export function stillOpen(batch: string): Result<never> {
  return fail('batch-open', `batch ${batch} is still open`, { fix: 'autonomous-loop run' })
}

/** Nothing is open. Code: batch-completed. */
export function completed(batch: string, goal: FrozenItem | null): Result<never> {
  return fail('batch-completed', `batch ${batch} is completed`, {
    // Without the goal it would begin with the backlog.
    fix: goal === null ? 'autonomous-loop run --new' : 'the same command with --new',
  })
}

/** A goal that was typed is the one that the open batch works towards, or another; edits of its files are a question of their own. Code: batch-open. */
export function otherGoal(
  { batch, state }: Pick<FoundBatch, 'batch' | 'state'>,
  typed: FrozenItem | null,
): Result<never> | null {
  if (typed === null) return null
  const had = [...state.items.values()].find((one) => one.goal !== null)?.frozen
  if (had !== undefined && termsOf(had) === termsOf(typed)) return null
  return fail('batch-open', `batch ${batch} is still open, and works ${workWords(had)}`, {
    fix: 'autonomous-loop run',
  })
}

const termsOf = ({ file, goal }: FrozenItem): string =>
  JSON.stringify([file, goal?.scope, goal?.rules?.file ?? null])

const workWords = (goal: FrozenItem | undefined): string =>
  goal === undefined ? 'through the backlog' : `towards ${goal.file} with other rules or another scope`
