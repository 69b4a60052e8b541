import type { BatchExplanation, ItemExplanation } from '../../views/show/explain-item.ts'
import { attemptAnswer, lookAnswer } from './show-answer.ts'

/** What `explain` of a batch says to machines. */
export function batchWhyAnswer({ batch, open }: BatchExplanation): object {
  const { state, code, why, head, next } = batch
  return {
    batch: batch.batch,
    state,
    code,
    why,
    head,
    items: batch.items.length,
    open: open.map(({ item, last }) => ({
      item,
      attempt: last?.attempt ?? null,
      failure: last?.ended?.failure ?? null,
      look: last === null || last.look === null ? null : lookAnswer(last.look, null),
    })),
    next,
  }
}

/** What `explain --item` says to machines. */
export function itemWhyAnswer({
  batch,
  item,
  attempt,
  attempts,
  look,
  judging,
  next,
}: ItemExplanation): object {
  return {
    batch: batch.batch,
    batch_state: batch.state,
    item,
    attempts,
    attempt: attempt === null ? null : attemptAnswer(attempt),
    look: look === null ? null : lookAnswer(look, judging),
    ledger:
      judging === null ? null : { file: judging.history.ledger, integrity: judging.history.integrity.state },
    next,
  }
}
