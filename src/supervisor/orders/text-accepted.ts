import type { FrozenItem, NewBatchEvent } from '../record/events.ts'
import { fenceOf } from '../record/fold-items.ts'
import type { BatchState } from '../record/state.ts'

/**
 * What a text comes to that a person accepted: an attempt at the old one is over, and the next one begins with this. One whose commit
 * is on its way to the head arrives, and the item is open again then. Pure.
 */
export function textAccepted(item: FrozenItem, state: BatchState): readonly NewBatchEvent[] {
  const had = state.items.get(item.id)
  const event: NewBatchEvent = { type: 'item-accepted', data: { item } }
  if (had === undefined) return [event]
  const { standing } = had
  const isWaiting = standing.kind === 'parked' && standing.code === 'contract-changed'
  if (had.frozen.digest === item.digest && !isWaiting) return []
  const fence = fenceOf(standing)
  if (fence === null) return [event]
  const at = state.attempts.get(fence)?.stage.at
  return at === 'integrating' || at === 'integrated' || at === 'ending'
    ? [event]
    : [
        { type: 'attempt-ending', data: { item: item.id, fence, failure: { kind: 'contract-changed' } } },
        event,
      ]
}
