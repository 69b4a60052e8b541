import { type ItemStatus, readyOrder } from '../../backlog/order.ts'
import { fenceOf } from '../record/fold-items.ts'
import type { BatchState } from '../record/state.ts'
import type { Plan } from './holds.ts'

/** Items that nothing of the backlog keeps from beginning, the first one first. Pure. */
export function readyItems(state: BatchState, plan: Plan): readonly string[] {
  return readyOrder([...plan.items.values()], (id) => standingFor(state, plan, id))
    .map((one) => one.id)
    .filter((id) => plan.only?.has(id) ?? true)
}

/** As the order of the backlog knows it. What nobody accepted yet waits like what is parked. */
function standingFor(state: BatchState, plan: Plan, id: string): ItemStatus {
  const standing = state.items.get(id)?.standing
  const kind = standing?.kind
  // Its attempt is there still, and keeps others from what they share.
  if (fenceOf(standing) !== null) return 'working'
  if (kind === undefined || (kind === 'open' && plan.unapproved.has(id))) return 'parked'
  return kind === 'open' ? 'ready' : kind
}
