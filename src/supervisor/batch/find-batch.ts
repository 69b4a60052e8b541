import { namesIn } from '../../base/names-in.ts'
import { type Result, ok } from '../../base/result.ts'
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
    if (!read.ok) return read
    if (read.value.state !== null) return ok({ batch, paths, state: read.value.state, read: read.value })
  }
  return ok(null)
}

/** Whether a batch is over, so that another one may be opened. */
export const isOver = ({ rest }: BatchState): boolean => rest?.state === 'completed'
