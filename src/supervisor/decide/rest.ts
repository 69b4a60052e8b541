import type { Rest } from '../record/events.ts'
import { type Moment, agentOf, holdsNow, isMachineStuck, isUnusable } from './holds.ts'
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
  spawns: () => ({ state: 'paused', code: 'spawns' }),
  stop: () => ({ state: 'paused', code: 'stopped' }),
  quota: ({ state, plan, now }) => {
    const until = state.backedOff?.until ?? now
    return plan.settings.onQuota === 'exit' ? { state: 'suspended', until } : until
  },
  until: () => ({ state: 'active', code: 'until' }),
  iterations: () => ({ state: 'active', code: 'iterations' }),
  'parked-in-a-row': () => ({ state: 'parked', code: 'parked-in-a-row' }),
  'agent-unusable': () => ({ state: 'halted', code: 'no-agent' }),
}

function restBy(happening: Happening, moment: Moment): Rest | number {
  return RESTS[happening]?.(moment) ?? { state: 'parked', code: 'items' }
}

/** Every item is done or dropped, and at least one is done. */
function isAllDone({ state }: Moment): boolean {
  const kinds = [...state.items.values()].map((one) => one.standing.kind)
  return kinds.includes('done') && kinds.every((kind) => kind === 'done' || kind === 'dropped')
}

/** Nothing is left of what this call was asked for. */
function isChosenOver({ state, plan: { only } }: Moment): boolean {
  if (only === undefined) return false
  return [...only].every((id) => {
    const kind = state.items.get(id)?.standing.kind
    return kind === 'done' || kind === 'dropped'
  })
}

/** Items are left that nothing but an agent keeps from going on. */
function isStarving({ state, plan }: Moment): boolean {
  return [...state.items].some(
    ([id, { standing }]) =>
      (standing.kind === 'open' || standing.kind === 'working') && isUnusable(state, plan, agentOf(plan, id)),
  )
}
