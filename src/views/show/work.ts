import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { seenOwn } from '../../supervisor/batch/site.ts'
import type { BatchOpened } from '../../supervisor/record/events.ts'
import { refAt } from '../../workspace/trees/own.ts'
import { type ChangedFile, changedFiles, patchBetween } from '../../workspace/trees/patch.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import type { AttemptRecord } from './attempts.ts'

/** Two commits, and what the newer one is. */
export interface Work {
  readonly what: 'integrated' | 'candidate' | 'rescued'
  readonly from: string
  readonly commit: string
}

/** The work of an attempt, in commits of our repository. */
export interface WorkView extends Work {
  readonly files: readonly ChangedFile[]
}

/** Longer patches are not shown. Bytes. */
const MOST_PATCH = 16 << 20

/** Our repository of a batch, to be read, also while the batch runs. Codes: git-gone, and those of seenOwn. */
export function ownOfBatch(context: Context, opened: BatchOpened): Result<OwnRepository> {
  const { top, prefix, repoId, gatePath } = opened
  const own = seenOwn(context, { top, prefix, root: path.join(top, prefix), repoId }, gatePath)
  if (!own.ok) return own
  return own.value === null
    ? fail('git-gone', `there is no repository of ours beside ${top}`, { fix: 'autonomous-loop doctor' })
    : ok(own.value)
}

/** In commits; null: none holds anything of it. Codes: those of git. */
async function workOf(own: OwnRepository, attempt: AttemptRecord): Promise<Result<Work | null>> {
  const { integrated, candidate, base, ended } = attempt
  if (integrated !== null) return ok({ what: 'integrated', from: integrated.from, commit: integrated.commit })
  if (candidate !== null) return ok({ what: 'candidate', from: base, commit: candidate.commit })
  if (ended?.rescue == null) return ok(null)
  const rescued = await refAt(own, ended.rescue)
  if (!rescued.ok) return rescued
  return ok(rescued.value === null ? null : { what: 'rescued', from: base, commit: rescued.value })
}

/** What an attempt came to, with the paths that it changed. Codes: those of git. */
export async function workView(own: OwnRepository, attempt: AttemptRecord): Promise<Result<WorkView | null>> {
  const work = await workOf(own, attempt)
  if (!work.ok || work.value === null) return work.ok ? ok(null) : work
  const files = await changedFiles(own, work.value.from, work.value.commit)
  return files.ok ? ok({ ...work.value, files: files.value }) : files
}

/** Codes: those of git. */
export function patchOf(own: OwnRepository, { from, commit }: Work): Promise<Result<Buffer>> {
  return patchBetween(own, from, commit, MOST_PATCH)
}
