import { type Result, fail, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import type { FoundBatch } from '../../supervisor/batch/find-batch.ts'
import type { ItemState } from '../../supervisor/record/state.ts'
import { type Around, lookAround } from '../batch-around.ts'
import { type ItemView, itemView } from '../batch-item.ts'
import { type BatchView, batchView } from '../batch-status.ts'
import { type AttemptRecord, type LookRecord, attemptsIn, standsInTheWay } from './attempts.ts'
import type { Judging } from './judgings.ts'
import { nextOfItem } from './next.ts'
import { eventsOfBatch, itemIn, judgingsOf, noAttempt } from './show-item.ts'

/** Why one item stands where it stands: the last look at its work, taken apart. */
export interface ItemExplanation {
  readonly batch: BatchView
  readonly item: ItemView
  /** Null: nobody worked at it. */
  readonly attempt: AttemptRecord | null
  /** How many there were. */
  readonly attempts: number
  /** Null: nothing was looked at. */
  readonly look: LookRecord | null
  /** What the engine wrote down of it; null: it was not asked, or its record is gone or differs. */
  readonly judging: Judging | null
  readonly next: string | null
}

export interface ExplainAsked {
  readonly item: string
  /** Null: the last one. */
  readonly attempt: number | null
  /** The nth judging of the attempt; null: the last look. */
  readonly stop: number | null
  readonly isNewest: boolean
}

/** From the record alone. Codes: no-item, no-attempt, no-stop, those of readBatch. */
export function explainItem(
  context: Context,
  found: FoundBatch,
  asked: ExplainAsked,
): Result<ItemExplanation> {
  const item = itemIn(found, asked.item)
  if (!item.ok) return item
  const events = eventsOfBatch(found)
  if (!events.ok) return events
  const { id } = item.value.frozen
  const attempts = attemptsIn(events.value, id)
  const attempt =
    asked.attempt === null ? attempts.at(-1) : attempts.find((one) => one.attempt === asked.attempt)
  if (asked.attempt !== null && attempt === undefined) return noAttempt(id, asked.attempt, attempts)
  const judged = attempt?.looks.filter((one) => one.kind === 'judged') ?? []
  const look = asked.stop === null ? attempt && lastLook(attempt) : judged[asked.stop - 1]
  if (asked.stop !== null && look === undefined)
    return fail(
      'no-stop',
      `work at item ${id} was judged ${judged.length} times in this attempt, and not ${asked.stop}`,
      { fix: `autonomous-loop explain --item ${id}` },
    )
  const around = lookAround(found.state, context)
  const batch = batchView(found.batch, found.state, around)
  const view = itemView(item.value, found.state, around)
  return ok({
    batch,
    item: view,
    attempt: attempt ?? null,
    attempts: attempts.length,
    look: look ?? null,
    judging:
      attempt !== undefined && look?.kind === 'judged'
        ? (judgingsOf(found.paths, attempt).get(look.verdict.ledgerHead) ?? null)
        : null,
    next: nextOfItem(batch, view, asked.isNewest),
  })
}

/** Why a batch stands where it stands. */
export interface BatchExplanation {
  readonly batch: BatchView
  /** Those that are not done, in the order of the backlog. */
  readonly open: readonly OpenItem[]
}

export interface OpenItem {
  readonly item: ItemView
  /** How its last attempt ended, and what was found last; null: nobody worked at it. */
  readonly last: (Pick<AttemptRecord, 'attempt' | 'ended'> & { readonly look: LookRecord | null }) | null
}

/** Codes: those of readBatch. */
export function explainBatch(context: Context, found: FoundBatch): Result<BatchExplanation> {
  const events = eventsOfBatch(found)
  if (!events.ok) return events
  const around = lookAround(found.state, context)
  const last = new Map(attemptsIn(events.value).map((one) => [one.item, one]))
  const open = [...found.state.items.values()].filter(
    ({ standing }) => standing.kind !== 'done' && standing.kind !== 'dropped',
  )
  return ok({
    batch: batchView(found.batch, found.state, around),
    open: open.map((one) => openItem(one, last.get(one.frozen.id), found, around)),
  })
}

function openItem(
  item: ItemState,
  last: AttemptRecord | undefined,
  { state }: FoundBatch,
  around: Around,
): OpenItem {
  return {
    item: itemView(item, state, around),
    last:
      last === undefined ? null : { attempt: last.attempt, ended: last.ended, look: lastLook(last) ?? null },
  }
}

/** Where nobody had anything against the work, the verdict says more than that. */
const lastLook = ({ looks }: AttemptRecord): LookRecord | undefined => looks.findLast(standsInTheWay)
