import type { Sha256 } from '../../base/hash.ts'
import type { Planning, PlanReview } from '../record/planning.ts'
import { isPass } from '../record/review.ts'
import type { AttemptState } from '../record/state.ts'
import { type ReviewPlan, otherVendorsFirst } from './reviews.ts'

/** Plans of one attempt that critics may refuse. */
export const PLAN_ROUNDS = 2

/** How the plan of an attempt stands. */
export type PlanStanding =
  | { readonly kind: 'touched'; readonly by: NonNullable<Planning['touched']> }
  /** A planner is to be asked. */
  | { readonly kind: 'wanted' }
  /** These critics are to be asked. */
  | { readonly kind: 'missing'; readonly agents: readonly string[] }
  | { readonly kind: 'refused'; readonly plan: Sha256; readonly reviews: ReadonlyMap<string, PlanReview> }

/** Who has to pass the plans of an agent: those of another vendor first. Pure. */
export function criticsOf({ settings }: Pick<ReviewPlan, 'settings'>, planner: string): readonly string[] {
  return otherVendorsFirst(settings.agents, settings.roles.planReview, planner)
}

/** Null: it is not at that point, nobody is asked for one, or it has one that all have passed. Pure. */
export function planStanding(
  plan: Pick<ReviewPlan, 'settings'>,
  { stage, planning }: Pick<AttemptState, 'stage' | 'planning'>,
): PlanStanding | null {
  if (stage.at !== 'ready' || planning.over || plan.settings.roles.plan.length === 0) return null
  if (planning.touched !== null) return { kind: 'touched', by: planning.touched }
  // There is work already, and what is to be done next is said by that.
  if ((stage.told.kind === 'facts' ? stage.told.last : stage.told).kind !== 'item') return null
  const { given } = planning
  if (given === null) return { kind: 'wanted' }
  const names = criticsOf(plan, given.agent)
  const said = new Map(
    [...planning.reviews].filter(([name, one]) => one.plan === given.digest && names.includes(name)),
  )
  const missing = names.filter((name) => !said.has(name))
  if (missing.length > 0) return { kind: 'missing', agents: missing }
  return [...said.values()].every(isPass) ? null : { kind: 'refused', plan: given.digest, reviews: said }
}
