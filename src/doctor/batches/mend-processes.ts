import path from 'node:path'
import type { Context } from '../../records/context.ts'
import { dataDirectory } from '../../records/data-directory.ts'
import { batchesOf } from '../../supervisor/batch/find-batch.ts'
import { endLeftovers, leftoversOf } from '../../supervisor/batch/leftovers.ts'
import type { Site } from '../../supervisor/batch/site.ts'
import { type Repaired, mended } from '../repaired.ts'

/** Ends what a supervisor that is gone left at work. For who holds the lock. */
export async function mendProcesses({ env }: Context, site: Site): Promise<Repaired> {
  const data = dataDirectory(env, site.top)
  if (!data.ok) return { did: [], left: [{ name: site.top, why: data.error.message }] }
  const own = path.join(data.value, site.repoId)
  const batches = batchesOf(env.home, site.repoId)
  const before = leftoversOf(batches, own)
  if (before.length === 0) return { did: [], left: [] }
  const ended = await endLeftovers(batches, own)
  const after = new Set(leftoversOf(batches, own))
  return {
    did: before.filter((pid) => !after.has(pid)).map((pid) => mended('process-ended', `${pid}`)),
    left: ended.ok ? [] : [...after].map((pid) => ({ name: `process ${pid}`, why: ended.error.message })),
  }
}
