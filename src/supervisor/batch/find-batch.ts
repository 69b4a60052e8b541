import { namesIn } from '../../base/names-in.ts'
import { type Failure, type Result, err, fail, ok } from '../../base/result.ts'
import { type ReadBatch, readBatch } from '../record/batch-ledger.ts'
import { type BatchReader, batchReader } from '../record/read-on.ts'
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

/** Whether or not anything is recorded of it; null: there is none. */
export const newestBatchId = (home: string, repoId: string): string | null =>
  batchesOf(home, repoId).at(-1) ?? null

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

/** What is seen of a batch by somebody who only looks: it may rest on a checkpoint. */
export type SeenBatch = Omit<FoundBatch, 'read'>

/**
 * Looks at the newest batch of a repository, again and again: what was read once is not read again. Null where there is none. Codes: those of
 * readBatch.
 */
export function batchWatcher(home: string, repoId: string): () => Result<SeenBatch | null> {
  let [known, reader]: [string, BatchReader | null] = ['', null]
  return () => {
    for (const batch of batchesOf(home, repoId).toReversed()) {
      const paths = batchPaths(home, repoId, batch)
      if (reader === null || known !== batch)
        [known, reader] = [batch, batchReader(paths.ledger, 'checkpoint')]
      const state = reader.look()
      if (!state.ok) return state
      if (state.value !== null) return ok({ batch, paths, state: state.value })
    }
    return ok(null)
  }
}

/** Whether a batch is over, so that another one may be opened. */
export const isOver = ({ rest }: BatchState): boolean => rest?.state === 'completed'
