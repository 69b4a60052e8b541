import type { BatchEvent } from './events.ts'
import { changeItem } from './fold-items.ts'
import type { BatchState, Spent } from './state.ts'

/** What an event says was used up. Of an attempt that is ending, too: it was spent all the same. */
export function spending(state: BatchState, event: BatchEvent): BatchState {
  if (!isSpending(event)) return state
  const { item, ms = 0 } = event.data
  const tokens = event.type === 'judged' ? 0 : (event.data.tokens ?? 0)
  return changeItem(state, item, (was) => ({ ...was, spent: added(was.spent, { tokens, ms }) }))
}

type Spending = Extract<
  BatchEvent,
  { type: 'turn-ended' | 'judged' | 'reviewed' | 'planned' | 'plan-reviewed' }
>

/** Whether something was used up by what it tells of. */
export function isSpending<E extends { readonly type: BatchEvent['type'] }>(
  event: E,
): event is Extract<E, { type: Spending['type'] }> {
  return SPENDING.has(event.type)
}

const SPENDING: ReadonlySet<BatchEvent['type']> = new Set<Spending['type']>([
  'turn-ended',
  'judged',
  'reviewed',
  'planned',
  'plan-reviewed',
])

export function added(a: Spent, b: Spent): Spent {
  return { tokens: a.tokens + b.tokens, ms: a.ms + b.ms }
}

/** Of a batch: no retry of an item makes it less. */
export function spentInAll({ items }: Pick<BatchState, 'items'>): Spent {
  return [...items.values()].map((one) => one.spent).reduce(added, { tokens: 0, ms: 0 })
}
