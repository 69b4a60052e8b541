import { namesIn } from '../../base/names-in.ts'
import { type Failure, type Result, err, fail, ok } from '../../base/result.ts'
import { type ReadBatch, readBatch } from '../record/batch-ledger.ts'
import { type BatchPaths, batchPaths, isBatchId, repoPaths } from './paths.ts'
import type { BatchState } from '../record/state.ts'

export interface FoundBatch {
  readonly batch: string
  readonly paths: BatchPaths
  readonly state: BatchState
  readonly read: ReadBatch
}

/** Ids of the batches of a repository, oldest first. */
export function batchesOf(home: string, repoId: string): readonly string[] {
  return namesIn(repoPaths(home, repoId).dir).filter(isBatchId).sort()
}

/** The newest batch; null where there is none. Codes: those of readBatch. */
export function newestBatch(home: string, repoId: string): Result<FoundBatch | null> {
  for (const batch of batchesOf(home, repoId).toReversed()) {
    const paths = batchPaths(home, repoId, batch)
    const read = readBatch(paths.ledger)
    if (!read.ok) return brokenAt(read.error, repoId, batch)
    if (read.value.state !== null) return ok({ batch, paths, state: read.value.state, read: read.value })
  }
  return ok(null)
}

/** The batch with this id. Codes: batch-missing (its ledger holds nothing), and those of readBatch. */
export function findBatch(home: string, repoId: string, batch: string): Result<FoundBatch> {
  const paths = batchPaths(home, repoId, batch)
  const read = readBatch(paths.ledger)
  if (!read.ok) return brokenAt(read.error, repoId, batch)
  return read.value.state === null
    ? fail('batch-missing', `nothing is recorded of batch ${batch}`, {
        fix: 'autonomous-loop status --batch',
      })
    : ok({ batch, paths, state: read.value.state, read: read.value })
}

/** Says which batch it is, for who reads what still holds of it. */
function brokenAt(failure: Failure, repoId: string, batch: string): Result<never> {
  return err({ ...failure, data: { ...failure.data, repo_id: repoId, batch } })
}

/** Whether a batch is over, so that another one may be opened. */
export const isOver = ({ rest }: BatchState): boolean => rest?.state === 'completed'
