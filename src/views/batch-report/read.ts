import { type Result, ok } from '../../base/result.ts'
import { batchesOf } from '../../supervisor/batch/find-batch.ts'
import type { BatchPaths } from '../../supervisor/batch/paths.ts'
import { readBatchSoFar } from '../../supervisor/record/batch-ledger.ts'
import type { BatchEvent } from '../../supervisor/record/events.ts'
import type { BatchHistory } from './build.ts'
import type { RecordProblem } from './problem.ts'
import { attemptsTold } from './tries.ts'
import { findVerdicts } from './verdicts.ts'

/**
 * Reads a batch whole: its own ledger and those of its attempts, each from its first byte. What breaks is a problem of the report, and no
 * reason to have none. Null: not even its opening holds. Codes: batch-broken, where the file cannot be read at all.
 */
export function readHistory(home: string, batch: string, paths: BatchPaths): Result<BatchHistory | null> {
  const events: BatchEvent[] = []
  const read = readBatchSoFar(paths.ledger, (event) => events.push(event))
  if (!read.ok) return read
  const { state, broken, torn } = read.value
  if (state === null) return ok(null)
  const problems: RecordProblem[] = [
    ...(broken === null ? [] : [{ kind: 'batch-broken', why: broken } as const]),
    ...(torn === null ? [] : [{ kind: 'batch-torn', bytes: torn.bytes } as const]),
  ]
  const attempts = attemptsTold(events)
  return ok({
    batch,
    state,
    events,
    attempts,
    verdicts: findVerdicts(paths, attempts),
    problems,
    newest: batchesOf(home, state.opened.repoId).at(-1) === batch,
  })
}
