import type { Rest } from '../record/events.ts'
import { agentState } from '../record/fold-agents.ts'
import { agentWait, agentsAtStart, agentsNeeded, isHeldByAgent, isUnusable } from './agents.ts'
import { type Moment, goalPause, holdsNow, isMachineStuck } from './holds.ts'
import { readyItems } from './ready.ts'
import { HAPPENINGS, type Happening, TABLE } from './table.ts'

/** Of a batch in which nothing runs and nothing can be begun: how it rests, a time to wait for, or that the head is to be checked. */
export type Resting = Rest | number | 'check-head'

/** Pure. */
export function restOf(moment: Moment): Resting {
  const { state } = moment
  const holds = holdsNow(moment)
  const rests = HAPPENINGS.filter((one) => TABLE[one].rest !== null && holds(one))
  // What keeps even the end from being reached.
  const first = rests.find((one) => BEFORE_THE_END.has(one))
  if (first !== undefined) return restBy(first, moment)
  if (isAllDone(moment)) return state.green === state.head ? { state: 'completed' } : 'check-head'
  const [next] = rests
  if (next !== undefined && next !== 'iterations') return restBy(next, moment)
  const waits = agentWaits(moment, next === 'iterations')
  if (waits !== null) return waits
  if (isStarving(moment)) return restBy('agent-unusable', moment)
  if (next !== undefined) return restBy(next, moment)
  return isChosenOver(moment) ? { state: 'active', code: 'chosen' } : { state: 'parked', code: 'items' }
}

const BEFORE_THE_END: ReadonlySet<Happening> = new Set(['stop-now', 'halted', 'could-not-run', 'head-red'])

/** How the batch rests by the rows of the table that name a rest. */
const RESTS: Readonly<Partial<Record<Happening, (moment: Moment) => Rest | number>>> = {
  'stop-now': () => ({ state: 'paused', code: 'signal' }),
  halted: ({ state }) => state.halt ?? { state: 'halted', code: 'integrity' },
  'could-not-run': ({ state, now }) =>
    isMachineStuck(state)
      ? { state: 'paused', code: 'could-not-run', why: state.backedOff?.why ?? '' }
      : (state.backedOff?.until ?? now),
  'head-red': () => ({ state: 'paused', code: 'head-red' }),
  'config-changed': () => ({ state: 'paused', code: 'config-changed' }),
  'approval-withdrawn': () => ({ state: 'paused', code: 'approval-withdrawn' }),
  'disk-low': () => ({ state: 'paused', code: 'disk-low' }),
  budget: () => ({ state: 'halted', code: 'budget' }),
  spawns: () => ({ state: 'paused', code: 'spawns' }),
  stop: () => ({ state: 'paused', code: 'stopped' }),
  until: () => ({ state: 'active', code: 'until' }),
  iterations: () => ({ state: 'active', code: 'iterations' }),
  'goal-unchanged': ({ state, now }) => goalPause(state, now) ?? now,
  'parked-in-a-row': () => ({ state: 'parked', code: 'parked-in-a-row' }),
  'agent-unusable': (moment) => ({ state: 'halted', code: 'no-agent', ...whyNoAgent(moment) }),
}

function restBy(happening: Happening, moment: Moment): Rest | number {
  return RESTS[happening]?.(moment) ?? { state: 'parked', code: 'items' }
}

/** Who it is, and what its program said of it. */
function whyNoAgent(moment: Moment): { readonly why?: string } {
  const why = agentsMissed(moment, false).flatMap((agent) => {
    const { unusable, said } = agentState(moment.state, agent)
    const words = [unusable, said].filter((one) => one !== null)
    return words.length === 0 ? [] : [`${agent}: ${words.join(': ')}`]
  })
  return why.length === 0 ? {} : { why: [...new Set(why)].join(', ') }
}

/** Every item is done or dropped, and at least one is done; of a goal that a person gave up, what was proved is kept. */
function isAllDone({ state }: Moment): boolean {
  const items = [...state.items.values()]
  return (
    items.every(({ standing: { kind } }) => kind === 'done' || kind === 'dropped') &&
    items.some(
      ({ standing, goal }) => standing.kind === 'done' || goal?.iterations.some((one) => one.commit !== null),
    )
  )
}

/** Nothing is left of what this call was asked for. */
function isChosenOver({ state, plan: { only } }: Moment): boolean {
  if (only === undefined) return false
  return [...only].every((id) => {
    const kind = state.items.get(id)?.standing.kind
    return kind === 'done' || kind === 'dropped'
  })
}

/** Agents without whom nothing goes on: of attempts that stand still, and of items that could begin. */
function agentsMissed(moment: Moment, begunOnly: boolean): readonly string[] {
  const { state, plan } = moment
  return [
    ...[...state.attempts.values()]
      .filter((one) => isHeldByAgent(moment, one))
      .flatMap((one) => agentsNeeded(moment, one)),
    ...(begunOnly ? [] : readyItems(state, plan).flatMap((id) => agentsAtStart(moment, id))),
  ]
}

/** A time at which an agent may be asked again, or that the batch rests till then; null: none is waited for. */
function agentWaits(moment: Moment, begunOnly: boolean): Rest | number | null {
  const waits = agentsMissed(moment, begunOnly).flatMap((agent) =>
    isUnusable(moment.state, moment.plan, agent) ? [] : (agentWait(moment, agent) ?? []),
  )
  const [first] = waits.toSorted((a, b) => a.until - b.until)
  if (first === undefined) return null
  return first.isQuota && moment.plan.settings.onQuota === 'exit'
    ? { state: 'suspended', until: first.until }
    : first.until
}

/** Items are left that nothing but an agent keeps from going on. */
function isStarving(moment: Moment): boolean {
  return agentsMissed(moment, false).some((agent) => isUnusable(moment.state, moment.plan, agent))
}
