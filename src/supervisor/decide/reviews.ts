import type { Item } from '../../backlog/item.ts'
import type { AgentSettings, SupervisorSettings } from '../../contract/supervisor/settings.ts'
import { type Review, isPass } from '../record/review.ts'
import type { AttemptState } from '../record/state.ts'

export interface ReviewPlan {
  readonly items: ReadonlyMap<string, Pick<Item, 'review'>>
  readonly settings: Pick<SupervisorSettings, 'agents' | 'roles'>
}

/** Whose program it is; of a command nobody knows, and each is its own. */
function vendorOf(name: string, agent: AgentSettings | undefined): string {
  return agent === undefined || agent.adapter === 'command' ? `command ${name}` : agent.adapter
}

/** Who has to pass the work of an agent at an item: those of another vendor first. Pure. */
export function reviewersOf(plan: ReviewPlan, item: string, author: string): readonly string[] {
  const { agents, roles } = plan.settings
  return otherVendorsFirst(agents, plan.items.get(item)?.review ?? roles.review, author)
}

/** Each of them once. Pure. */
export function otherVendorsFirst(
  agents: SupervisorSettings['agents'],
  given: readonly string[],
  author: string,
): readonly string[] {
  const names = [...new Set(given)]
  const own = vendorOf(author, agents[author])
  const isOwn = (name: string): boolean => vendorOf(name, agents[name]) === own
  return [...names.filter((name) => !isOwn(name)), ...names.filter(isOwn)]
}

/** How reviews of released work stand. */
export type ReviewStanding =
  /** Nobody is asked, or all have passed it. */
  | { readonly kind: 'passed' }
  | { readonly kind: 'missing'; readonly agents: readonly string[] }
  | { readonly kind: 'refused'; readonly reviews: ReadonlyMap<string, Review> }

/** Null: it is not at that point. Verdicts count for the tree that they were given of. Pure. */
export function reviewStanding(
  plan: ReviewPlan,
  { item, agent, stage, reviews }: Pick<AttemptState, 'item' | 'agent' | 'stage' | 'reviews'>,
): ReviewStanding | null {
  if (stage.at !== 'released') return null
  const { tree } = stage.candidate
  const names = reviewersOf(plan, item, agent)
  const given = new Map([...reviews].filter(([name, one]) => one.tree === tree && names.includes(name)))
  const missing = names.filter((name) => !given.has(name))
  if (missing.length > 0) return { kind: 'missing', agents: missing }
  return [...given.values()].every(isPass) ? { kind: 'passed' } : { kind: 'refused', reviews: given }
}
