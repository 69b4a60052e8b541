import type { Context } from '../../records/context.ts'
import { readBatch } from '../record/batch-ledger.ts'
import { batchesOf } from './find-batch.ts'
import { batchPaths } from './paths.ts'
import type { Site } from './site.ts'
import type { BatchState } from '../record/state.ts'

/** A batch that left a directory. */
export interface Known {
  readonly batch: string
  /** Null: its ledger cannot be read, or holds nothing. */
  readonly state: BatchState | null
  readonly isBroken: boolean
  /** Where worktrees were set aside that could not be rescued. */
  readonly setAside: readonly string[]
}

/** Of a repository, oldest first. */
export function knownBatches({ env }: Context, site: Site): readonly Known[] {
  return batchesOf(env.home, site.repoId).map((batch) => {
    const setAside: string[] = []
    const read = readBatch(batchPaths(env.home, site.repoId, batch).ledger, (event) => {
      if (event.type === 'attempt-ended' && event.data.setAside !== null) setAside.push(event.data.setAside)
    })
    return { batch, state: read.ok ? read.value.state : null, isBroken: !read.ok, setAside }
  })
}
