import type { AttemptFailure, BatchEventData } from './events.ts'
import { changeItem, newItem, standing, withItem } from './fold-items.ts'
import { open, withText } from './fold-person.ts'
import type { AttemptState, BatchState } from './state.ts'

/** What an agent proposed is kept with its item, whose attempt ends by it. */
export function proposed(state: BatchState, attempt: AttemptState, failure: AttemptFailure): BatchState {
  const { stage } = attempt
  if (failure.kind !== 'parked' || stage.at !== 'turned' || stage.outcome.kind !== 'finished') return state
  const { answer } = stage.outcome
  if (answer.status !== 'proposal') return state
  const { summary, proposal } = answer
  return changeItem(state, attempt.item, (item) => ({
    ...item,
    proposal: { attempt: attempt.attempt, summary, proposal, refused: false },
  }))
}

/** A person's answer. Attempts stay counted: whose text an agent changed has begun nothing anew. */
export function proposalSettled(
  state: BatchState,
  { item, accepted, items, replaced }: BatchEventData['proposal-settled'],
  at: number,
): BatchState {
  if (!accepted)
    return changeItem(open(state), item, (was) => ({
      ...was,
      standing: { kind: 'open' },
      ...(was.proposal === undefined ? {} : { proposal: { ...was.proposal, refused: true } }),
    }))
  const all = items.reduce((now, frozen) => {
    const had = now.items.get(frozen.id)
    if (had === undefined) return withItem(now, frozen.id, newItem(frozen))
    const { rejected: _, proposal, ...rest } = withText(had, frozen, at)
    const isIt = frozen.id === item
    return withItem(now, frozen.id, {
      ...rest,
      ...(isIt || proposal === undefined ? {} : { proposal }),
      ...(isIt ? { standing: { kind: 'open' as const }, looked: null } : {}),
    })
  }, open(state))
  return replaced ? standing(all, item, { kind: 'dropped' }) : all
}
