import path from 'node:path'
import { readEvents } from '../../ledger/ledger-file.ts'
import type { LedgerEvent } from '../../ledger/events.ts'
import { fold } from '../../ledger/fold.ts'
import { placeIn } from '../../ledger/paths.ts'
import type { BatchPaths } from '../../supervisor/batch/paths.ts'
import type { TreeVerdict } from '../../supervisor/record/events.ts'
import { type Explanation, explain } from '../explain.ts'
import { type Integrity, type RunHistory, eventsOf, integrityOf } from '../history.ts'

/** What the engine wrote down of a verdict that the batch names. */
export interface Judging {
  readonly history: RunHistory
  readonly explanation: Explanation
}

/** An engine's ledger, read once. */
export interface EngineRecord {
  readonly ledger: string
  readonly events: readonly LedgerEvent[]
  readonly integrity: Integrity
}

/** The ledger of the engine that a verdict names, as far as it can be read. */
export function engineRecord(
  batch: BatchPaths,
  { record }: Pick<TreeVerdict, 'record'>,
): EngineRecord | null {
  const { ledger } = placeIn(path.join(batch.dir, record, 'judged'))
  const read = readEvents(ledger)
  return read.ok ? { ledger, events: read.value.events, integrity: integrityOf(read.value.chain) } : null
}

/** The judgement with this head of its ledger; null: the record does not hold it. Pure. */
export function judgingAt(record: EngineRecord | null, ledgerHead: string): Judging | null {
  if (record === null) return null
  const { ledger, events, integrity } = record
  const last = events.findIndex((event) => event.hash === ledgerHead)
  const stop = events.slice(0, last + 1).findLast((event) => event.type === 'stop')
  const begun = events.slice(0, last + 1).findLast((event) => event.type === 'activated')
  if (stop === undefined || begun === undefined || stop.seq < begun.seq) return null
  const own = eventsOf(events, begun.data.runId)
  const run = fold(own).runs[0]
  if (run === undefined) return null
  const history: RunHistory = { run, events: own, integrity, ledger, archived: false }
  const explanation = explain(history, stop.data.stop)
  return explanation.ok ? { history, explanation: explanation.value } : null
}
