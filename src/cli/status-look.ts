import { type Failure, type Result, fail, ok } from '../base/result.ts'
import type { Context } from '../records/context.ts'
import { suspensionsDir } from '../records/suspensions.ts'
import { newestBatchId } from '../supervisor/batch/find-batch.ts'
import { batchPaths, batchesDir, repoPaths } from '../supervisor/batch/paths.ts'
import { type Site, siteOf } from '../supervisor/batch/site.ts'
import { type BatchHere, type BatchThere, batchHere, batchesThere } from '../views/batch-here.ts'
import type { BatchView } from '../views/batch-status.ts'
import { type AskedSession, type Status, status } from '../views/status.ts'
import { homePlaces } from './watch-home.ts'

/** What `status` shows: sessions, and beside them the batch, unless it is asked about one session. */
export type StatusHere = Status & BatchHere & { readonly batches?: readonly BatchThere[] }

/** Looks again and again; what was read of a batch is not read again. */
export function statusLook(
  context: Context,
  cwd: string,
  named: AskedSession | null,
  all: boolean,
): () => Result<StatusHere> {
  const here = batchHere(context, cwd)
  const there = batchesThere(context)
  return () => {
    const found = status(context, cwd, named, all ? 'all' : 'repository')
    if (!found.ok) return found
    const batch = named === null ? here() : { batch: null, batch_problem: null }
    return ok({ ...found.value, ...batch, ...(all ? { batches: there() } : {}) })
  }
}

export const noBatch: Failure = {
  code: 'batch-missing',
  message: 'this repository has no batch',
  fix: 'autonomous-loop run',
}

/** Looks at the newest batch alone. Codes: git-gone, batch-broken, batch-missing. */
export function batchLook(context: Context, cwd: string): () => Result<BatchView> {
  const site = siteOf(cwd)
  if (!site.ok) return () => site
  const here = batchHere(context, cwd)
  return () => {
    const { batch, batch_problem: problem } = here()
    if (problem !== null) return fail('batch-broken', problem)
    return batch === null ? { ok: false, error: noBatch } : ok(batch)
  }
}

/** Directories in which anything that `status` shows can change. */
export function statusPlaces({ env }: Context, cwd: string): () => readonly string[] {
  const home = homePlaces(env)
  const site = siteOf(cwd)
  return () => [...home(), ...(site.ok ? batchPlaces(env.home, site.value) : [])]
}

/** The same of a batch: its ledger, who works at it, and what is suspended on this machine. */
export function batchPlaces(home: string, { repoId }: Pick<Site, 'repoId'>): readonly string[] {
  const newest = newestBatchId(home, repoId)
  return [
    home,
    suspensionsDir(home),
    batchesDir(home),
    repoPaths(home, repoId).dir,
    ...(newest === null ? [] : [batchPaths(home, repoId, newest).dir]),
  ]
}
