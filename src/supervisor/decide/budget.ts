import type { Item } from '../../backlog/item.ts'
import type { SupervisorSettings } from '../../contract/supervisor/settings.ts'
import { added, spentInAll } from '../record/fold-spent.ts'
import type { BatchState, Spent } from '../record/state.ts'

interface BudgetPlan {
  readonly items: ReadonlyMap<string, Pick<Item, 'limits'>>
  readonly settings: Pick<SupervisorSettings, 'limits'>
}

const MINUTE_MS = 60_000
const NO_LIMIT: Spent = { tokens: Infinity, ms: Infinity }

/** What an item may use up until a person speaks again; what it does not name is that of the config. */
export function itemLimits({ items, settings }: BudgetPlan, id: string): Spent {
  const { tokens, minutes } = items.get(id)?.limits ?? {}
  const { itemTokens, itemMinutes } = settings.limits
  return limits(tokens ?? itemTokens, minutes ?? itemMinutes)
}

/** What a batch may use up. Only another config gives it more. */
export function batchLimits({ settings }: BudgetPlan): Spent {
  return limits(settings.limits.batchTokens, settings.limits.batchMinutes)
}

function limits(tokens: number | undefined, minutes: number | undefined): Spent {
  return {
    tokens: tokens ?? NO_LIMIT.tokens,
    ms: minutes === undefined ? NO_LIMIT.ms : minutes * MINUTE_MS,
  }
}

/** What is left of its limits for an item, by the record; 0 and less: nothing. Pure. */
export function itemLeft(state: BatchState, plan: BudgetPlan, id: string): Spent {
  const item = state.items.get(id)
  const most = itemLimits(plan, id)
  return item === undefined ? most : added(minus(most, item.spent), item.spentBefore)
}

/** The same of the batch. Pure. */
export function batchLeft(state: BatchState, plan: BudgetPlan): Spent {
  return minus(batchLimits(plan), spentInAll(state))
}

export function isUsedUp({ tokens, ms }: Spent): boolean {
  return tokens <= 0 || ms <= 0
}

export function minus(a: Spent, b: Spent): Spent {
  return { tokens: a.tokens - b.tokens, ms: a.ms - b.ms }
}
