import { type Failure, type Result, fail, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import type { FoundBatch } from '../../supervisor/batch/find-batch.ts'
import type { BatchPaths } from '../../supervisor/batch/paths.ts'
import { readBatch } from '../../supervisor/record/batch-ledger.ts'
import { idsOf } from '../../supervisor/orders/order.ts'
import type { BatchEvent } from '../../supervisor/record/events.ts'
import type { ItemState } from '../../supervisor/record/state.ts'
import { lookAround } from '../batch-around.ts'
import { type ItemView, itemView } from '../batch-item.ts'
import { type BatchView, batchView } from '../batch-status.ts'
import { type AttemptRecord, attemptsIn } from './attempts.ts'
import { type TurnFiles, turnFiles } from './attempt-files.ts'
import { type EngineRecord, type Judging, engineRecord, judgingAt } from './judgings.ts'
import { nextOfItem } from './next.ts'
import { type WorkView, ownOfBatch, workView } from './work.ts'

export interface ItemAsked {
  readonly item: string
  /** Null: the last one. */
  readonly attempt: number | null
  readonly isNewest: boolean
}

/** One item of a batch, looked at closely. */
export interface ShownItem {
  readonly batch: BatchView
  readonly item: ItemView
  readonly title: string
  /** As the batch has it. */
  readonly text: string
  readonly attempts: readonly AttemptRecord[]
  /** Null: nobody worked at it yet. */
  readonly shown: ShownAttempt | null
  readonly next: string | null
}

export interface ShownAttempt {
  readonly record: AttemptRecord
  readonly turns: readonly TurnFiles[]
  /** By the head of the engine's ledger that the batch recorded; null: the engine's record does not have it. */
  readonly judgings: ReadonlyMap<string, Judging | null>
  /** Null: no commit holds anything of it. */
  readonly work: WorkView | null
  /** Why its work cannot be shown. */
  readonly unseen: Failure | null
  /** Our repository; null: it is gone. */
  readonly gitDir: string | null
}

/** The events of a batch, all in memory. Codes: those of readBatch. */
export function eventsOfBatch({ paths }: Pick<FoundBatch, 'paths'>): Result<readonly BatchEvent[]> {
  const events: BatchEvent[] = []
  const read = readBatch(paths.ledger, (event) => events.push(event))
  return read.ok ? ok(events) : read
}

/** Reads only, so it may be asked while the batch runs. Codes: no-item, no-attempt, those of readBatch. */
export async function showItem(
  context: Context,
  found: FoundBatch,
  { item: id, attempt, isNewest }: ItemAsked,
): Promise<Result<ShownItem>> {
  const { state } = found
  const frozen = itemIn(found, id)
  if (!frozen.ok) return frozen
  const events = eventsOfBatch(found)
  if (!events.ok) return events
  const around = lookAround(state, context)
  const batch = batchView(found.batch, state, around)
  const item = itemView(frozen.value, state, around)
  const attempts = attemptsIn(events.value, item.id)
  const record = attempt === null ? attempts.at(-1) : attempts.find((one) => one.attempt === attempt)
  if (attempt !== null && record === undefined) return noAttempt(item.id, attempt, attempts)
  return ok({
    batch,
    item,
    title: around.plan?.items.get(item.id)?.title ?? item.file,
    text: frozen.value.frozen.text,
    attempts,
    shown: record === undefined ? null : await shownAttempt(context, found, record),
    next: nextOfItem(batch, item, isNewest),
  })
}

/** Item `3` is `003`. Code: no-item. */
export function itemIn({ state }: FoundBatch, asked: string): Result<ItemState> {
  const ids = idsOf(state.items, [asked])
  return ids.ok ? ok(state.items.get(ids.value[0] ?? '')!) : ids
}

export function noAttempt(item: string, asked: number, attempts: readonly AttemptRecord[]): Result<never> {
  const last = attempts.at(-1)?.attempt
  return fail(
    'no-attempt',
    last === undefined
      ? `nobody has worked at item ${item} yet`
      : `item ${item} has no attempt ${asked}; it has 1 to ${last}`,
    { fix: `autonomous-loop show ${item}` },
  )
}

async function shownAttempt(
  context: Context,
  { paths, state }: FoundBatch,
  record: AttemptRecord,
): Promise<ShownAttempt> {
  const turns = [...new Set(record.turns.map((one) => one.turn))]
  const own = ownOfBatch(context, state.opened)
  const looked = own.ok ? await workView(own.value, record) : own
  return {
    record,
    turns: turns.map((turn) => turnFiles(paths, record.item, record.attempt, turn)),
    judgings: judgingsOf(paths, record),
    work: looked.ok ? looked.value : null,
    unseen: looked.ok ? null : looked.error,
    gitDir: own.ok ? own.value.dir : null,
  }
}

/** What the engine wrote down of each verdict of an attempt. */
export function judgingsOf(batch: BatchPaths, { looks }: AttemptRecord): ReadonlyMap<string, Judging | null> {
  const records = new Map<string, EngineRecord | null>()
  const judgings = new Map<string, Judging | null>()
  for (const look of looks) {
    if (look.kind !== 'judged') continue
    const { record, ledgerHead } = look.verdict
    if (!records.has(record)) records.set(record, engineRecord(batch, look.verdict))
    judgings.set(ledgerHead, judgingAt(records.get(record) ?? null, ledgerHead))
  }
  return judgings
}
