import type { AttemptFailure } from '../supervisor/record/events.ts'
import type { Iteration } from '../supervisor/record/goal-state.ts'
import type { BatchState } from '../supervisor/record/state.ts'
import { shortened } from '../base/text.ts'

/** How a goal stands, as `status --batch` tells it. */
export interface GoalView {
  readonly plan: string
  readonly rules: string | null
  /** What the agent set itself; null: the plan as it is. */
  readonly goal: string | null
  readonly iterations: number
  /** Iterations whose commit is in the head. */
  readonly kept: number
  /** The last ones, oldest first. */
  readonly last: readonly IterationView[]
}

export interface IterationView {
  readonly iteration: number
  /** The kind of its failure, or the code with which it was parked; null: its work was kept. */
  readonly failed: string | null
  readonly commit: string | null
  /** What its agent said, which nobody checked. */
  readonly claimed: {
    readonly summary: string
    readonly next_goal: string
    readonly stop: boolean
    readonly completed: boolean
  } | null
}

const LAST = 5
const MOST_TEXT = 300

/** Null: the batch works through a backlog. Pure. */
export function goalView({ items }: BatchState): GoalView | null {
  for (const { goal, frozen } of items.values()) {
    if (goal === null) continue
    const { iterations, present } = goal
    return {
      plan: frozen.file,
      rules: frozen.goal?.rules?.file ?? null,
      goal: present === '' ? null : shortened(present, MOST_TEXT),
      iterations: iterations.length,
      kept: iterations.filter((one) => one.commit !== null).length,
      last: iterations.slice(-LAST).map(iterationView),
    }
  }
  return null
}

function iterationView({ attempt, commit, failure, claimed }: Iteration): IterationView {
  return {
    iteration: attempt,
    failed: failure === null ? null : failureName(failure),
    commit,
    claimed: claimed && {
      summary: shortened(claimed.summary, MOST_TEXT),
      next_goal: shortened(claimed.nextGoal, MOST_TEXT),
      stop: claimed.stop,
      completed: claimed.completed,
    },
  }
}

export function failureName(failure: AttemptFailure): string {
  if (failure.kind === 'parked') return failure.code
  return failure.kind === 'agent' ? failure.outcome.kind : failure.kind
}
