import { type Sha256, sha256 } from '../../base/hash.ts'
import type { Review, ToldFinding } from './review.ts'

/** What a critic said of one plan. */
export interface PlanReview extends Omit<Review, 'tree'> {
  readonly plan: Sha256
}

/** A plan as an agent gave it. */
export interface GivenPlan {
  readonly agent: string
  readonly text: string
  readonly digest: Sha256
}

/** What comes before the first turn of an attempt, where agents plan. */
export interface Planning {
  /** Null: none was given since the last one was refused. */
  readonly given: GivenPlan | null
  /** What critics said last, by agent; of a plan, which may be another by now. */
  readonly reviews: ReadonlyMap<string, PlanReview>
  /** Plans that critics did not pass. */
  readonly refused: number
  /** The last of those, and what was found; null: there was none. */
  readonly last: { readonly plan: GivenPlan; readonly findings: readonly ToldFinding[] } | null
  /** Whose plan changed files, and which; null: nobody's did. */
  readonly touched: { readonly agent: string; readonly paths: readonly string[] } | null
  /** A worker has begun: nobody plans any more. */
  readonly over: boolean
}

export const newPlanning: Planning = {
  given: null,
  reviews: new Map(),
  refused: 0,
  last: null,
  touched: null,
  over: false,
}

/** Names a plan among others. */
export const planDigest = (text: string): Sha256 => sha256(text)
