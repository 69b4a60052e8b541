import type { Item } from '../../backlog/item.ts'
import type { Sha256 } from '../../base/hash.ts'
import type { ParkCode } from '../record/events.ts'
import type { AttemptState, BatchState } from '../record/state.ts'
import { type AgentPlan, agentWait, isParked, isUnusable, standsStill } from './agents.ts'
import { batchLeft, isUsedUp, itemLeft } from './budget.ts'
import type { Happening } from './table.ts'

/** What may be begun. `drain`: no turn is begun, work at hand goes on. `stop`: nothing is. */
export type Mode = 'run' | 'drain' | 'stop'

/** What a look at files may say of the whole batch. */
export type Held = Extract<Happening, 'config-changed' | 'approval-withdrawn' | 'disk-low'>

/** What the frozen backlog and config say. */
export interface Plan extends AgentPlan {
  readonly items: ReadonlyMap<string, Item>
  /** Items whose files differ from what was accepted, with the digests by now (null: gone). They do not start. */
  readonly unapproved: ReadonlyMap<string, Sha256 | null>
  /** Only these start; absent: all. */
  readonly only?: ReadonlySet<string>
  /** Why nothing may start although the batch goes on; null as a rule. */
  readonly held: Held | null
}

/** A moment of a batch: everything that decides what comes next. */
export interface Moment {
  readonly state: BatchState
  readonly plan: Plan
  readonly mode: Mode
  /** ms since the epoch. */
  readonly now: number
}

/** Conflicts of one item after which nothing else is integrated before it, and after which a person is asked. */
const TICKET_CONFLICTS = 3
export const MOST_CONFLICTS = 5
export const MOST_MACHINE_FAILURES = 3
const DAY_MS = 24 * 3600_000

/** What is so of the whole batch. */
const OF_BATCH: Readonly<Partial<Record<Happening, (moment: Moment) => boolean>>> = {
  'stop-now': ({ mode }) => mode === 'stop',
  stop: ({ mode }) => mode === 'drain',
  halted: ({ state }) => state.halt !== null,
  'could-not-run': ({ state, now }) => isMachineWaiting(state, now),
  'head-red': ({ state }) => state.redHead === state.head,
  'config-changed': ({ plan }) => plan.held === 'config-changed',
  'approval-withdrawn': ({ plan }) => plan.held === 'approval-withdrawn',
  'disk-low': ({ plan }) => plan.held === 'disk-low',
  until: ({ state, now }) => state.until !== null && now >= state.until,
  budget: ({ state, plan }) => isUsedUp(batchLeft(state, plan)),
  spawns: ({ state, plan, now }) => spawnsLeft(state, plan, now) <= 0,
  'parked-in-a-row': ({ state, plan }) => state.parkedInARow >= plan.settings.limits.parkedInARow,
  iterations: ({ state }) => state.asked !== null && state.begun >= state.asked,
  'goal-unchanged': ({ state, now }) => goalPause(state, now) !== null,
}

/** What is so of one attempt that nobody in this process is at. */
const OF_ATTEMPT: Readonly<Partial<Record<Happening, (moment: Moment, attempt: AttemptState) => boolean>>> = {
  killed: (_, { stage, conversation }) => stage.at === 'working' && conversation === null,
  'killed-in-conversation': (_, { stage }) => stage.at === 'working',
  'item-edited': ({ plan }, { item }) => plan.unapproved.has(item),
  'item-budget': ({ state }, attempt) => isParked(state, attempt),
  'agent-suspended': (moment, { agent }) => agentWait(moment, agent) !== null,
  'agent-unusable': ({ state, plan }, { agent }) => isUnusable(state, plan, agent),
  ticket: (moment, { fence }) => (ticketHolder(moment)?.fence ?? fence) !== fence,
  'head-moved': ({ state }, { stage }) => stage.at === 'released' && stage.verdict.head !== state.head,
}

/** Whether it holds of the batch now; what is of one attempt alone does not. Pure. */
export function holdsNow(moment: Moment): (happening: Happening) => boolean {
  return (happening) => OF_BATCH[happening]?.(moment) ?? false
}

/** The same for one attempt that nobody in this process is at. Pure. */
export function holdsOf(moment: Moment, attempt: AttemptState): (happening: Happening) => boolean {
  return (happening) => OF_ATTEMPT[happening]?.(moment, attempt) ?? OF_BATCH[happening]?.(moment) ?? false
}

/** An item that met conflicts again and again is waited for: the oldest of them goes first, unless it stands still. */
export function ticketHolder(moment: Pick<Moment, 'state' | 'plan' | 'now'>): AttemptState | undefined {
  const { state } = moment
  return [...state.attempts.values()].find(
    (one) =>
      (state.items.get(one.item)?.conflicts ?? 0) >= TICKET_CONFLICTS &&
      one.stage.at !== 'ending' &&
      !standsStill(moment, one),
  )
}

/** Until when no iteration begins, because the last one changed nothing; null: there is no such time, or it is over. */
export function goalPause({ items }: BatchState, now: number): number | null {
  const until = Math.max(
    ...[...items.values()].map(({ goal, standing }) =>
      standing.kind === 'open' ? (goal?.pausedUntil ?? -Infinity) : -Infinity,
    ),
  )
  return until > now ? until : null
}

/** The limit that an item has reached, so that no attempt at it is opened any more. */
export function exhausted(state: BatchState, plan: Plan, id: string): ParkCode | null {
  const item = state.items.get(id)
  if (item === undefined) return null
  const { limits } = plan.settings
  if (isUsedUp(itemLeft(state, plan, id))) return 'budget'
  if (item.stuck >= 2 || (item.goal?.idle ?? 0) >= limits.noProgress) return 'no-progress'
  if (item.conflicts >= MOST_CONFLICTS) return 'conflict'
  if (item.spawns >= limits.spawns) return 'spawns'
  return item.counted >= (plan.items.get(id)?.limits.attempts ?? limits.attempts) ? 'attempts' : null
}

/** Nothing at all is begun now, or until a person starts the batch again. */
function isMachineWaiting(state: BatchState, now: number): boolean {
  return state.backedOff !== null && (state.backedOff.until > now || isMachineStuck(state))
}

export function isMachineStuck({ backedOff }: BatchState): boolean {
  return backedOff !== null && backedOff.times >= MOST_MACHINE_FAILURES
}

export function spawnsLeft({ spawnedAt }: BatchState, plan: Plan, now: number): number {
  return plan.settings.limits.spawnsPerDay - spawnedAt.filter((at) => at > now - DAY_MS).length
}
