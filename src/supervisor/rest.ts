import type { Rest } from './events.ts'
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

/** How the batch rests by a row of the table that names a rest. */
function restBy(happening: Happening, { state, plan, now }: Moment): Rest | number {
  const until = state.backedOff?.until ?? now
  switch (happening) {
    case 'stop-now':
      return { state: 'paused', code: 'signal' }
    case 'halted':
      return state.halt ?? { state: 'halted', code: 'integrity' }
    case 'could-not-run':
      return isMachineStuck(state)
        ? { state: 'paused', code: 'could-not-run', why: state.backedOff?.why ?? '' }
        : until
    case 'head-red':
    case 'config-changed':
    case 'approval-withdrawn':
    case 'disk-low':
    case 'spawns':
      return { state: 'paused', code: happening }
    case 'stop':
      return { state: 'paused', code: 'stopped' }
    case 'quota':
      return plan.settings.onQuota === 'exit' ? { state: 'suspended', until } : until
    case 'until':
    case 'iterations':
      return { state: 'active', code: happening }
    case 'parked-in-a-row':
      return { state: 'parked', code: happening }
    case 'agent-unusable':
      return { state: 'halted', code: 'no-agent' }
    default:
      return { state: 'parked', code: 'items' }
  }
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
