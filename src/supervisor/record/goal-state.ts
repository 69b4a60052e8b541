import type { Sha256 } from '../../base/hash.ts'
import type { AttemptFailure, GoalAnswer } from './events.ts'

/** The item of a batch whose attempts are iterations towards a goal, besides what every item has. */
export interface GoalState {
  /** What the agent set itself for this iteration; '' as long as there is nothing but the plan. */
  readonly present: string
  /** The goal that was set last, and how often in a row. */
  readonly same: { readonly key: Sha256 | null; readonly times: number }
  /** Iterations without a change since the head moved. */
  readonly idle: number
  /** No iteration begins before; ms since the epoch. */
  readonly pausedUntil: number | null
  /** Iterations so far, oldest first, their texts shortened. */
  readonly iterations: readonly Iteration[]
}

/** What became of one iteration: what we saw, and what the agent said of it. */
export interface Iteration {
  readonly attempt: number
  readonly at: number
  readonly goal: string
  /** What the head became; null: it did not move. */
  readonly commit: string | null
  readonly failure: AttemptFailure | null
  /** Null: it never came to an answer. */
  readonly claimed: GoalAnswer | null
}

/** Nobody has worked towards it. */
export const newGoal: GoalState = {
  present: '',
  same: { key: null, times: 0 },
  idle: 0,
  pausedUntil: null,
  iterations: [],
}
