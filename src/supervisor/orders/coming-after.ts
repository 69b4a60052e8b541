import { type Result, ok } from '../../base/result.ts'
import { settledConfig } from '../batch/open.ts'
import { waitersFor } from '../decide/dependants.ts'
import { itemReader, itemsOf } from '../decide/plan.ts'
import type { BatchState, ItemStanding } from '../record/state.ts'

/** What comes after these items, by whatever way, and how it stands; without these themselves. Codes: those of settledConfig. */
export function comingAfter(
  state: BatchState,
  ids: readonly string[],
): Result<readonly { readonly id: string; readonly state: ItemStanding['kind'] }[]> {
  const { config } = state.opened
  const settled = settledConfig(config.text, config.path)
  if (!settled.ok) return settled
  const items = itemsOf(state, itemReader(settled.value.config))
  const all = new Set(ids.flatMap((id) => waitersFor(items, id)))
  return ok(
    [...all]
      .filter((id) => !ids.includes(id))
      .map((id) => ({ id, state: state.items.get(id)?.standing.kind ?? 'open' })),
  )
}
