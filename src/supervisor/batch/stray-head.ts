import { refAt } from '../../workspace/trees/own.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import type { NewBatchEvent } from '../record/events.ts'
import { refs } from './paths.ts'
import type { BatchState } from '../record/state.ts'

/**
 * What a head comes to that is neither where the ledger has it nor where an integration was on its way to: somebody else moved it.
 * Null: nobody did, or git could not say.
 */
export async function strayHead(own: OwnRepository, state: BatchState): Promise<NewBatchEvent | null> {
  const ref = refs.head(state.opened.batch)
  const now = await refAt(own, ref)
  if (!now.ok) return null
  const onTheWay = [...state.attempts.values()].flatMap(({ stage }) =>
    stage.at === 'integrating' ? [stage.commit] : [],
  )
  if ([state.head, ...onTheWay].some((one) => one === now.value)) return null
  const why = `${ref} is at ${now.value ?? 'nothing'}, where ${state.head} is expected`
  return { type: 'halted', data: { state: 'halted', code: 'head-moved', why } }
}
