import { never } from '../../base/result.ts'
import type { AttemptFailure } from '../record/events.ts'
import type { PlanReview } from '../record/planning.ts'
import type { Review } from '../record/review.ts'
import type { AttemptState } from '../record/state.ts'
import { isAway, plannerNow } from './agents.ts'
import { isUsedUp, itemLeft } from './budget.ts'
import { type Moment, spawnsLeft } from './holds.ts'
import type { Action, AskKind } from './action.ts'
import { PLAN_ROUNDS, planStanding } from './planning.ts'
import { reviewStanding } from './reviews.ts'

/** The step of released work. */
export function releasedStep(moment: Moment, attempt: AttemptState, tree: string): Action | null {
  const { fence } = attempt
  const standing = reviewStanding(moment.plan, attempt)
  if (standing === null || standing.kind === 'passed') return { kind: 'integrate', fence }
  if (standing.kind === 'missing') return ask(moment, attempt, 'review', standing.agents)
  const wanted = personWanted(standing.reviews)
  if (wanted !== null) return { kind: 'fail', fence, failure: wanted }
  // They said it before, and nothing has changed.
  if (attempt.refusedTree === tree) return { kind: 'fail', fence, failure: { kind: 'no-progress' } }
  return attempt.rounds >= moment.plan.settings.review.rounds
    ? { kind: 'fail', fence, failure: { kind: 'review' } }
    : { kind: 'settle-review', fence, tree }
}

/** The step before a worker begins; undefined: there is none any more. */
export function planStep(moment: Moment, attempt: AttemptState): Action | null | undefined {
  const { fence, planning } = attempt
  const standing = planStanding(moment.plan, attempt)
  if (standing === null) return undefined
  switch (standing.kind) {
    case 'touched':
      return { kind: 'fail', fence, failure: { kind: 'plan-touched', ...standing.by } }
    case 'wanted':
      return planning.refused >= PLAN_ROUNDS
        ? { kind: 'fail', fence, failure: { kind: 'plan' } }
        : ask(moment, attempt, 'plan', [plannerNow(moment) ?? ''])
    case 'missing':
      return ask(moment, attempt, 'review-plan', standing.agents)
    case 'refused': {
      const wanted = personWanted(standing.reviews)
      return wanted === null
        ? { kind: 'settle-plan', fence, plan: standing.plan }
        : { kind: 'fail', fence, failure: wanted }
    }
    default:
      return never(standing, 'standing of a plan')
  }
}

/** Those of whom something may be asked now, as many as limits allow; null: it waits for them. */
function ask(
  moment: Moment,
  { fence, item }: AttemptState,
  kind: AskKind,
  names: readonly string[],
): Action | null {
  const { state, plan, now } = moment
  const agents = names.filter((agent) => !isAway(moment, agent))
  if (agents.length === 0) return null
  if (isUsedUp(itemLeft(state, plan, item))) return { kind: 'park', item, code: 'budget' }
  const left = plan.settings.limits.spawns - (state.items.get(item)?.spawns ?? 0)
  if (left <= 0) return { kind: 'fail', fence, failure: { kind: 'parked', code: 'spawns' } }
  return { kind, fence, agents: agents.slice(0, Math.min(left, spawnsLeft(state, plan, now))) }
}

/** One of them cannot tell, or wants something else to be done: that is for a person. */
function personWanted(reviews: ReadonlyMap<string, Review | PlanReview>): AttemptFailure | null {
  const asks = [...reviews].find(([, { verdict }]) => verdict === 'blocked' || verdict === 'proposal')
  if (asks === undefined) return null
  const [agent, { findings }] = asks
  const why = [agent, ...findings.slice(0, 1).map((one) => one.text)].join(': ')
  return { kind: 'parked', code: 'review', why }
}
