import type { Item } from '../../backlog/item.ts'
import type { SupervisorSettings } from '../../contract/supervisor/settings.ts'
import type { Suspension } from '../../records/suspensions.ts'
import { agentState } from '../record/fold-agents.ts'
import type { AttemptState, BatchState } from '../record/state.ts'
import { criticsOf, planStanding } from './planning.ts'
import { reviewStanding, reviewersOf } from './reviews.ts'

/** What is known of agents before any is asked. */
export interface AgentPlan {
  readonly items: ReadonlyMap<string, Pick<Item, 'agent' | 'review'>>
  readonly settings: SupervisorSettings
  /** Of whom nothing is asked on this machine, by the name of the agent; absent: of none that is known. */
  readonly suspended?: ReadonlyMap<string, Pick<Suspension, 'until' | 'why'>>
}

interface Now {
  readonly state: BatchState
  readonly plan: AgentPlan
  /** ms since the epoch. */
  readonly now: number
}

/** For what an agent is waited for, and until when. */
export interface AgentWait {
  readonly until: number
  readonly why: string
  /** Its quota is used up. */
  readonly isQuota: boolean
}

/** Until when an agent is asked nothing; null: it may be asked now. Pure. */
export function agentWait({ state, plan, now }: Now, agent: string): AgentWait | null {
  const own = agentState(state, agent).waits
  const shared = plan.suspended?.get(agent)
  const isOwn = own !== null && !own.isShared && own.until > now
  if (shared !== undefined && shared.until > now && !(isOwn && own.until > shared.until))
    return { until: shared.until, why: shared.why, isQuota: shared.why === 'quota' }
  return isOwn ? { until: own.until, why: own.why, isQuota: false } : null
}

/** It failed too often, or cannot be used until a person has a look. Pure. */
export function isUnusable(state: BatchState, plan: AgentPlan, agent: string): boolean {
  const { failures, unusable } = agentState(state, agent)
  return unusable !== null || failures >= plan.settings.limits.agentFailures
}

/** The agent that the config or the item names for it; '' where there is none. */
export function agentOf({ items, settings }: AgentPlan, id: string): string {
  return items.get(id)?.agent ?? settings.roles.work[0] ?? ''
}

/** The agent with which an item is begun now: the next one of the role where the quota of the first is used up and a person agreed to that. */
export function agentNow(moment: Now, id: string): string {
  const named = agentOf(moment.plan, id)
  const isNamed = (moment.plan.items.get(id)?.agent ?? null) !== null
  return isNamed ? named : (nextAgent(moment, named, 'work') ?? named)
}

/** Who plans now, likewise; null: nobody does. */
export function plannerNow(moment: Now): string | null {
  const [first] = moment.plan.settings.roles.plan
  return first === undefined ? null : (nextAgent(moment, first, 'plan') ?? first)
}

/** Without whom an attempt at an item is not begun. */
export function agentsAtStart(moment: Now, id: string): readonly string[] {
  const planner = plannerNow(moment)
  // Work that is there is judged first.
  const isBegun = moment.state.items.get(id)?.kept !== undefined
  return [agentNow(moment, id), ...(planner === null || isBegun ? [] : [planner])]
}

/** Who goes on with an attempt whose agent has used up its quota; null: nobody else, or nobody may. */
export function takesOver(moment: Now, { item, agent }: AttemptState): string | null {
  const isNamed = (moment.plan.items.get(item)?.agent ?? null) !== null
  return isNamed ? null : nextAgent(moment, agent, 'work')
}

function nextAgent(moment: Now, agent: string, role: 'work' | 'plan'): string | null {
  const { plan, state } = moment
  if (plan.settings.onQuota !== 'next' || agentWait(moment, agent)?.isQuota !== true) return null
  const usable = (one: string): boolean =>
    one !== agent && agentWait(moment, one) === null && !isUnusable(state, plan, one)
  return plan.settings.roles[role].find(usable) ?? null
}

/** It stands still until a person speaks. */
export function isParked(state: BatchState, { item, fence }: AttemptState): boolean {
  const standing = state.items.get(item)?.standing
  return standing?.kind === 'parked' && standing.fence === fence
}

/** Whom the next step of an attempt needs. */
export function agentsNeeded(moment: Now, attempt: AttemptState): readonly string[] {
  const { plan } = moment
  const planned = planStanding(plan, attempt)
  if (planned?.kind === 'missing') return planned.agents
  if (planned?.kind === 'wanted') return [plannerNow(moment) ?? '']
  if (planned !== null) return []
  if (attempt.stage.at === 'ready') return [attempt.agent]
  const standing = reviewStanding(plan, attempt)
  return standing?.kind === 'missing' ? standing.agents : []
}

/** Nothing may be asked of it now. Pure. */
export function isAway(moment: Now, agent: string): boolean {
  return agentWait(moment, agent) !== null || isUnusable(moment.state, moment.plan, agent)
}

/** Its next step waits for agents, and nothing else of it is going on. It is in nobody's way meanwhile. */
export function isHeldByAgent(moment: Now, attempt: AttemptState): boolean {
  const needed = agentsNeeded(moment, attempt)
  return (
    needed.length > 0 && !isParked(moment.state, attempt) && needed.every((agent) => isAway(moment, agent))
  )
}

/** It stands still, whatever for, and takes no job. */
export function standsStill(moment: Now, attempt: AttemptState): boolean {
  return isParked(moment.state, attempt) || isHeldByAgent(moment, attempt)
}

/** When there may be an agent that is waited for now; null: none is. */
export function agentsWakeAt(moment: Now): number | null {
  const { state, plan } = moment
  const names = new Set([...state.agents.keys(), ...(plan.suspended?.keys() ?? [])])
  const times = [...names].flatMap((name) => agentWait(moment, name)?.until ?? [])
  return times.length === 0 ? null : Math.min(...times)
}

/** What of the suspensions on this machine is not on record yet, of agents that this batch has work for. Pure. */
export function unrecorded({
  state,
  plan,
  now,
}: Now): readonly (readonly [string, Pick<Suspension, 'until' | 'why'>])[] {
  const used = new Set([
    ...plan.settings.roles.work,
    ...plan.settings.roles.plan,
    ...(plan.settings.roles.plan.length > 0 ? criticsOf(plan, '') : []),
    ...[...plan.items.keys()].flatMap((id) => [agentOf(plan, id), ...reviewersOf(plan, id, '')]),
  ])
  return [...(plan.suspended ?? [])].filter(([name, { until }]) => {
    const { waits } = agentState(state, name)
    return used.has(name) && until > now && !(waits?.isShared === true && waits.until === until)
  })
}
