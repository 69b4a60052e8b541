import { beforeOthers } from '../../backlog/order.ts'
import type { ItemStatus } from '../../backlog/order.ts'
import { agentWait, agentsAtStart, agentsNeeded, isUnusable } from './agents.ts'
import { type Held, type Moment, type Plan, goalPause, ticketHolder } from './holds.ts'
import { agentState } from '../record/fold-agents.ts'
import type { AgentState, AttemptState, BatchState } from '../record/state.ts'

/** What an item waits for that nobody works at, or whose attempt stands still. */
export type Waiting =
  /** These are not done. */
  | { readonly kind: 'after'; readonly items: readonly string[] }
  /** Nobody accepted its file as it is now. */
  | { readonly kind: 'unaccepted' }
  /** Nothing of the batch may start. */
  | { readonly kind: 'held'; readonly why: Held }
  /** It cannot be used. */
  | {
      readonly kind: 'agent'
      readonly agent: string
      readonly why: 'failures' | NonNullable<AgentState['unusable']>
      /** In the words of its program; absent: it said nothing. */
      readonly said?: string
    }
  /** That item is there to mend a gate, and goes first. */
  | { readonly kind: 'mends'; readonly item: string }
  /** That item is in work, and the two are never at the same time. */
  | { readonly kind: 'exclusive'; readonly item: string }
  /** That item met conflicts again and again, and is integrated first. */
  | { readonly kind: 'ticket'; readonly item: string }
  /** A quota, a service or a machine in the way. ms since the epoch. */
  | { readonly kind: 'until'; readonly at: number; readonly why: string; readonly agent?: string }

/** What an item waits for; null: nothing, or a person, as its state says. Pure. */
export function waitingOf(state: BatchState, plan: Plan, id: string, now: number): Waiting | null {
  const standing = state.items.get(id)?.standing
  if (standing === undefined) return null
  if (standing.kind === 'working')
    return attemptWaits({ state, plan, now }, state.attempts.get(standing.fence))
  return standing.kind === 'open' ? startWaits(state, plan, id, now) : null
}

function startWaits(state: BatchState, plan: Plan, id: string, now: number): Waiting | null {
  const item = plan.items.get(id)
  if (item === undefined || plan.unapproved.has(id)) return { kind: 'unaccepted' }
  const before = item.after.filter((one) => state.items.get(one)?.standing.kind !== 'done')
  if (before.length > 0) return { kind: 'after', items: before }
  if (plan.held !== null) return { kind: 'held', why: plan.held }
  const moment = { state, plan, now }
  const agents = agentsAtStart(moment, id)
  const unusable = first(agents, (agent) => withoutAgent(moment, agent))
  if (unusable !== null) return unusable
  const items = [...plan.items.values()]
  const mends = beforeOthers(items, (one) => statusOf(state, one))
  if (mends.size > 0 && !mends.has(id)) return { kind: 'mends', item: [...mends][0] ?? '' }
  const other = [...state.attempts.values()].find(({ item: one }) =>
    plan.items.get(one)?.exclusive.some((word) => item.exclusive.includes(word)),
  )
  if (other !== undefined) return { kind: 'exclusive', item: other.item }
  const until = goalPause(state, now)
  return until === null
    ? first(agents, (agent) => paused(moment, agent))
    : { kind: 'until', at: until, why: 'nothing changed' }
}

function attemptWaits(moment: Now, attempt: AttemptState | undefined): Waiting | null {
  const at = attempt?.stage.at
  const holder = ticketHolder(moment)
  if ((at === 'candidate' || at === 'released') && holder !== undefined && holder !== attempt)
    return { kind: 'ticket', item: holder.item }
  const needed = attempt === undefined ? [] : agentsNeeded(moment, attempt)
  const waits = needed.map((agent) => withoutAgent(moment, agent) ?? paused(moment, agent))
  // It goes on as long as there is one who can be asked.
  return waits.includes(null) ? null : (waits[0] ?? null)
}

function first(agents: readonly string[], waits: (agent: string) => Waiting | null): Waiting | null {
  return agents.map(waits).find((one) => one !== null) ?? null
}

type Now = Pick<Moment, 'state' | 'plan' | 'now'>

function withoutAgent({ state, plan }: Pick<Now, 'state' | 'plan'>, agent: string): Waiting | null {
  if (!isUnusable(state, plan, agent)) return null
  const { unusable, said } = agentState(state, agent)
  return { kind: 'agent', agent, why: unusable ?? 'failures', ...(said === null ? {} : { said }) }
}

function paused(moment: Now, agent: string): Waiting | null {
  const { backedOff } = moment.state
  if (backedOff !== null && backedOff.until > moment.now)
    return { kind: 'until', at: backedOff.until, why: backedOff.why }
  const wait = agentWait(moment, agent)
  return wait === null ? null : { kind: 'until', at: wait.until, why: wait.why, agent }
}

/** As the order of the backlog knows it. Pure. */
export function statusOf({ items }: BatchState, id: string): ItemStatus {
  const kind = items.get(id)?.standing.kind ?? 'parked'
  return kind === 'open' ? 'ready' : kind
}
