import { type Result, fail, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { refsBelow } from '../../workspace/trees/our-refs.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import { listWorktrees } from '../../workspace/trees/worktree.ts'
import { knownBatches } from '../batch/known-batches.ts'
import { batchPaths, isBatchId } from '../batch/paths.ts'
import type { CleanPlan, Removable } from './removable.ts'
import type { Site } from '../batch/site.ts'

/** A whole batch, by name: what it did, its work that is nowhere else, and its record. Codes: batch-missing, those of git. */
export async function planDiscard(
  context: Context,
  site: Site,
  own: OwnRepository,
  batch: string,
): Promise<Result<CleanPlan>> {
  const known = knownBatches(context, site).find((one) => one.batch === batch)
  const below = ['heads', 'landing', 'taking', 'joining', 'attempts', 'rescue'].map(
    (kind) => `refs/autonomous-loop/${kind}/${batch}`,
  )
  const refs = isBatchId(batch) ? await refsBelow(own, ...below) : ok([])
  if (!refs.ok) return refs
  if (known === undefined && refs.value.length === 0)
    return fail('batch-missing', `there is no batch ${batch} here`, { fix: 'autonomous-loop status --batch' })
  const state = known?.state ?? null
  const inUse = new Set([...(state?.attempts.values() ?? [])].map((one) => one.worktree))
  const trees = listWorktrees(own).filter((one) => inUse.has(one.name))
  const dirs = [...(known?.setAside ?? []), batchPaths(context.env.home, site.repoId, batch).dir]
  return ok({
    remove: [
      ...trees.map(({ name, dir }): Removable => ({ what: 'worktree', name, dir, rescue: null })),
      ...refs.value.map((ref): Removable => ({ what: 'ref', ref })),
      // The record goes last, so that what was cut short can be named again.
      ...dirs.map((dir): Removable => ({ what: 'directory', dir })),
    ],
    kept: [],
  })
}
