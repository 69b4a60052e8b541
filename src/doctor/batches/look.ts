import path from 'node:path'
import { bootId } from '../../base/boot-id.ts'
import { isLockHeld } from '../../base/lock-held.ts'
import { type ProcessId, isAlive } from '../../base/process-id.ts'
import type { Result } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { dataDirectory } from '../../records/data-directory.ts'
import { continuousProcess } from '../../supervisor/batch/continuous-process.ts'
import { isOver } from '../../supervisor/batch/find-batch.ts'
import { type Known, knownBatches } from '../../supervisor/batch/known-batches.ts'
import { type RepoPaths, repoPaths } from '../../supervisor/batch/paths.ts'
import { type Site, seenOwn } from '../../supervisor/batch/site.ts'
import type { BatchState } from '../../supervisor/record/state.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'

/** What the checks of batches need, looked up once. Nothing is taken, opened for writing or put right. */
export interface BatchLook {
  readonly context: Context
  readonly site: Site
  readonly repo: RepoPaths
  readonly known: readonly Known[]
  /** Of the newest batch that can be read; null: there is none. */
  readonly state: BatchState | null
  /** The same, as long as it is open. */
  readonly open: BatchState | null
  /** The process that has the batch in hand, or goes on and on without it; null: nobody. */
  readonly owner: ProcessId | null
  /** Somebody has the lock: one that supervises, or carries out an order. */
  readonly isHeld: boolean
  /** Where our data of all repositories lie. */
  readonly data: Result<string>
  /** Null: none was made yet. */
  readonly own: Result<OwnRepository | null>
}

export function lookAtBatches(context: Context, site: Site): BatchLook {
  const { env } = context
  const repo = repoPaths(env.home, site.repoId)
  const known = knownBatches(context, site)
  const state = known.flatMap((one) => one.state ?? []).at(-1) ?? null
  const owner = ownerOf(state) ?? continuousProcess(repo)
  const data = dataDirectory(env, site.top)
  return {
    context,
    site,
    repo,
    known,
    state,
    open: state === null || isOver(state) ? null : state,
    owner,
    isHeld: isLockHeld(repo.lock) ?? owner !== null,
    data,
    own: seenOwn(context, site, state?.opened.gatePath ?? env.vars['PATH'] ?? ''),
  }
}

/** Our data of this repository. */
export function dataOf({ data, site }: BatchLook): string | null {
  return data.ok ? path.join(data.value, site.repoId) : null
}

function ownerOf(state: BatchState | null): ProcessId | null {
  const owner = state?.rest === null ? state.owner : null
  return owner !== null && owner.bootId === bootId() && isAlive(owner.process) ? owner.process : null
}
