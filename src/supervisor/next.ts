import type { Item } from '../backlog/item.ts'
import { type ItemStatus, readyOrder } from '../backlog/order.ts'
import type { SupervisorSettings } from '../contract/supervisor/settings.ts'
import { never } from '../base/result.ts'
import type { AttemptFailure, ParkCode, Rest } from './events.ts'
import type { AttemptState, BatchState, ItemState } from './state.ts'

/** What may be begun. `drain`: no turn is begun, work at hand goes on. `stop`: nothing is. */
export type Mode = 'run' | 'drain' | 'stop'

/** What the frozen backlog and config say. */
export interface Plan {
  readonly items: ReadonlyMap<string, Item>
  readonly settings: SupervisorSettings
  /** Files of items differ from what was accepted, so they do not start. */
  readonly unapproved: ReadonlySet<string>
  /** Only these start; absent: all. */
  readonly only?: ReadonlySet<string>
  /** Why nothing may start although the batch goes on; null as a rule. */
  readonly held: Extract<Rest, { state: 'paused' }> | null
}

/** What this process is at. */
export interface InFlight {
  readonly fences: ReadonlySet<number>
  /** The one checkout in which trees are judged is in use. */
  readonly lane: boolean
  /** A worktree is being chosen: two at once could choose the same. */
  readonly choosing: boolean
}

export type Action =
  | { readonly kind: 'open'; readonly item: string }
  | { readonly kind: 'park'; readonly item: string; readonly code: ParkCode }
  | {
      readonly kind: 'worktree' | 'turn' | 'candidate' | 'judge' | 'integrate' | 'finish'
      readonly fence: number
    }
  /** Puts on record that the attempt is over; `wind-up` then rescues and resets. */
  | { readonly kind: 'fail'; readonly fence: number; readonly failure: AttemptFailure }
  | { readonly kind: 'wind-up'; readonly fence: number }
  /** The final profile on the head. */
  | { readonly kind: 'check-head' }
  | { readonly kind: 'rest'; readonly rest: Rest }

export interface Next {
  readonly actions: readonly Action[]
  /** When there may be more although nothing happens; null: never. */
  readonly wakeAt: number | null
}

/** Actions that use the checkout in which trees are judged. */
export function usesLane({ kind }: Action): boolean {
  return kind === 'judge' || kind === 'integrate' || kind === 'check-head'
}

/** Conflicts of one item after which nothing else is integrated before it, and after which a person is asked. */
const TICKET_CONFLICTS = 3
const MOST_CONFLICTS = 5
const MOST_MACHINE_FAILURES = 3

/** What is to be begun now. Pure: the same state, plan and time always come to the same. */
export function next(state: BatchState, plan: Plan, inFlight: InFlight, mode: Mode, now: number): Next {
  const actions: Action[] = []
  let { lane, choosing } = inFlight
  const begin = (action: Action): void => {
    if (usesLane(action) ? lane : action.kind === 'worktree' && choosing) return
    lane ||= usesLane(action)
    choosing ||= action.kind === 'worktree'
    actions.push(action)
  }
  for (const attempt of state.attempts.values()) {
    if (inFlight.fences.has(attempt.fence)) continue
    const step = stepOf(state, plan, attempt, mode, now)
    if (step !== null) begin(step)
  }
  for (const [id, item] of state.items) {
    const code = item.standing.kind === 'open' ? exhausted(item, plan, id) : null
    if (code !== null) begin({ kind: 'park', item: id, code })
  }
  if (actions.some((one) => one.kind === 'park')) return { actions, wakeAt: null }
  for (const item of startable(state, plan, mode, now)) begin({ kind: 'open', item })
  const { backedOff } = state
  const wakeAt = backedOff !== null && backedOff.until > now ? backedOff.until : null
  if (actions.length > 0 || inFlight.fences.size > 0 || inFlight.lane) return { actions, wakeAt }
  const rest = restOf(state, plan, mode, now)
  if (rest === 'check-head') return { actions: [{ kind: 'check-head' }], wakeAt: null }
  return typeof rest === 'number'
    ? { actions: [], wakeAt: rest }
    : { actions: [{ kind: 'rest', rest }], wakeAt: null }
}

/** The next step of one open attempt; null where it waits. */
function stepOf(
  state: BatchState,
  plan: Plan,
  attempt: AttemptState,
  mode: Mode,
  now: number,
): Action | null {
  const { fence, stage } = attempt
  if (mode === 'stop' || state.halt !== null || isMachineWaiting(state, now)) return null
  switch (stage.at) {
    case 'worktree':
      return { kind: 'worktree', fence }
    case 'ready':
      return readyStep(state, plan, attempt, mode, now)
    case 'working':
      // This process is not at it, so whoever was died.
      return { kind: 'fail', fence, failure: { kind: 'interrupted' } }
    case 'turned':
      return turnedStep(attempt, stage.outcome)
    case 'candidate':
      if (attempt.machine >= MOST_MACHINE_FAILURES)
        return { kind: 'fail', fence, failure: { kind: 'parked', code: 'could-not-run' } }
      return otherTicket(state, attempt) ? null : { kind: 'judge', fence }
    case 'released':
      if (otherTicket(state, attempt)) return null
      return { kind: stage.verdict.head === state.head ? 'integrate' : 'judge', fence }
    case 'integrating':
      return { kind: 'integrate', fence }
    case 'integrated':
      return { kind: 'finish', fence }
    case 'ending':
      return { kind: 'wind-up', fence }
    default:
      return never(stage, 'stage of an attempt')
  }
}

function readyStep(
  state: BatchState,
  plan: Plan,
  attempt: AttemptState,
  mode: Mode,
  now: number,
): Action | null {
  const { fence } = attempt
  const failed = limitOf(state, plan, attempt)
  if (failed !== null) return { kind: 'fail', fence, failure: failed }
  if (mode !== 'run' || plan.held !== null || isBackedOff(state, now)) return null
  if (isUnusable(state, plan, attempt.agent) || spawnsLeft(state, plan, now) <= 0) return null
  return { kind: 'turn', fence }
}

function limitOf(state: BatchState, plan: Plan, attempt: AttemptState): AttemptFailure | null {
  const item = state.items.get(attempt.item)
  const { limits } = plan.settings
  const own = plan.items.get(attempt.item)?.limits ?? {}
  if (attempt.same.times >= limits.noProgress) return { kind: 'no-progress' }
  if (attempt.turn >= (own.turns ?? limits.turns)) return { kind: 'turns' }
  if (item && item.conflicts >= MOST_CONFLICTS) return { kind: 'parked', code: 'conflict' }
  if (item && item.spawns >= limits.spawns) return { kind: 'parked', code: 'spawns' }
  return null
}

function turnedStep(
  { fence }: AttemptState,
  outcome: Extract<AttemptState['stage'], { at: 'turned' }>['outcome'],
): Action {
  if (outcome.kind !== 'finished') return { kind: 'fail', fence, failure: { kind: 'agent', outcome } }
  const { status, summary } = outcome.answer
  switch (status) {
    case 'complete':
    case 'continue':
      return { kind: 'candidate', fence }
    case 'blocked':
    case 'proposal':
      return { kind: 'fail', fence, failure: { kind: 'parked', code: status, why: summary } }
    default:
      return never(status, 'answer of an agent')
  }
}

/** An item that met conflicts again and again is waited for: the oldest of them goes first. */
export function ticketHolder(state: BatchState): AttemptState | undefined {
  return [...state.attempts.values()].find(
    (one) => (state.items.get(one.item)?.conflicts ?? 0) >= TICKET_CONFLICTS && one.stage.at !== 'ending',
  )
}

function otherTicket(state: BatchState, attempt: AttemptState): boolean {
  const holder = ticketHolder(state)
  return holder !== undefined && holder.fence !== attempt.fence
}

function exhausted(item: ItemState, plan: Plan, id: string): ParkCode | null {
  const { limits } = plan.settings
  if (item.stuck >= 2) return 'no-progress'
  if (item.conflicts >= MOST_CONFLICTS) return 'conflict'
  if (item.spawns >= limits.spawns) return 'spawns'
  return item.counted >= (plan.items.get(id)?.limits.attempts ?? limits.attempts) ? 'attempts' : null
}

/** Items to begin with now, as many as there are jobs left. */
function startable(state: BatchState, plan: Plan, mode: Mode, now: number): readonly string[] {
  if (mode !== 'run' || plan.held !== null || state.halt !== null) return []
  if (isBackedOff(state, now) || isMachineStuck(state)) return []
  if (state.parkedInARow >= plan.settings.limits.parkedInARow || isOver(state, now)) return []
  const free = Math.min(
    plan.settings.jobs - state.attempts.size,
    state.asked === null ? Infinity : state.asked - state.begun,
    spawnsLeft(state, plan, now),
  )
  return readyOrder([...plan.items.values()], (id) => standingFor(state, plan, id))
    .map((one) => one.id)
    .filter((id) => plan.only?.has(id) ?? true)
    .filter((id) => !isUnusable(state, plan, agentOf(plan, id)))
    .slice(0, Math.max(0, free))
}

/** As the order of the backlog knows it. What nobody accepted yet waits like what is parked. */
function standingFor(state: BatchState, plan: Plan, id: string): ItemStatus {
  const kind = state.items.get(id)?.standing.kind
  if (kind === undefined || (kind === 'open' && plan.unapproved.has(id))) return 'parked'
  return kind === 'open' ? 'ready' : kind
}

/** The agent that works at an item; '' where the config has none. */
export function agentOf({ items, settings }: Plan, id: string): string {
  return items.get(id)?.agent ?? settings.roles.work[0] ?? ''
}

export function isUnusable(state: BatchState, plan: Plan, agent: string): boolean {
  return (state.agentFailures.get(agent) ?? 0) >= plan.settings.limits.agentFailures
}

/** No agent is asked now. */
export function isBackedOff({ backedOff }: BatchState, now: number): boolean {
  return backedOff !== null && backedOff.until > now
}

/** Nothing at all is begun now, or until a person starts the batch again. */
function isMachineWaiting(state: BatchState, now: number): boolean {
  return state.backedOff?.isQuota === false && (isBackedOff(state, now) || isMachineStuck(state))
}

function isMachineStuck({ backedOff }: BatchState): boolean {
  return backedOff !== null && !backedOff.isQuota && backedOff.times >= MOST_MACHINE_FAILURES
}

function isOver({ until }: BatchState, now: number): boolean {
  return until !== null && now >= until
}

const DAY_MS = 24 * 3600_000

export function spawnsLeft({ spawnedAt }: BatchState, plan: Plan, now: number): number {
  return plan.settings.limits.spawnsPerDay - spawnedAt.filter((at) => at > now - DAY_MS).length
}

/** How a batch rests in which nothing can be begun; a time to wait for instead, or that the head has still to be checked. */
function restOf(state: BatchState, plan: Plan, mode: Mode, now: number): Rest | number | 'check-head' {
  const items = [...state.items]
  const isOpen = items.some(([, { standing }]) => standing.kind !== 'done' && standing.kind !== 'dropped')
  const isAllDone = !isOpen && items.some(([, { standing }]) => standing.kind === 'done')
  if (state.halt !== null) return state.halt
  if (mode === 'stop') return { state: 'paused', code: 'signal' }
  if (state.redHead === state.head) return { state: 'paused', code: 'head-red' }
  if (isMachineStuck(state))
    return { state: 'paused', code: 'could-not-run', why: state.backedOff?.why ?? '' }
  if (isMachineWaiting(state, now)) return state.backedOff?.until ?? now
  if (isAllDone) return state.green === state.head ? { state: 'completed' } : 'check-head'
  if (mode === 'drain') return { state: 'paused', code: 'stopped' }
  if (plan.held !== null) return plan.held
  if (state.backedOff !== null && isBackedOff(state, now)) return state.backedOff.until
  if (isOver(state, now)) return { state: 'active', code: 'until' }
  if (spawnsLeft(state, plan, now) <= 0) return { state: 'paused', code: 'spawns' }
  if (state.parkedInARow >= plan.settings.limits.parkedInARow)
    return { state: 'parked', code: 'parked-in-a-row' }
  const starving = [...items].filter(([id, { standing }]) => {
    const isAtWork = standing.kind === 'open' || standing.kind === 'working'
    return isAtWork && isUnusable(state, plan, agentOf(plan, id))
  })
  if (starving.length > 0) return { state: 'halted', code: 'no-agent' }
  if (state.asked !== null && state.begun >= state.asked) return { state: 'active', code: 'iterations' }
  const isChosenOver =
    plan.only !== undefined &&
    [...plan.only].every((id) => {
      const kind = state.items.get(id)?.standing.kind
      return kind === 'done' || kind === 'dropped'
    })
  return isChosenOver ? { state: 'active', code: 'chosen' } : { state: 'parked', code: 'items' }
}
