import type { AttemptFailure } from './events.ts'
import { changeItem } from './fold-items.ts'
import type { AttemptState, BatchState } from './state.ts'

/** Work that was whole when its item's text changed is judged first, under the text that a person then decides on. */
export function kept(
  state: BatchState,
  { item, base, stage }: AttemptState,
  failure: AttemptFailure,
): BatchState {
  const isChanged =
    failure.kind === 'contract-changed' || (failure.kind === 'parked' && failure.code === 'contract-changed')
  if (!isChanged || (stage.at !== 'candidate' && stage.at !== 'doubted' && stage.at !== 'released'))
    return state
  return changeItem(state, item, (was) => ({ ...was, kept: { base, candidate: stage.candidate } }))
}
