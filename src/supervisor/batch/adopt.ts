import fs from 'node:fs'
import path from 'node:path'
import { findRepo } from '../../evidence/git/repo.ts'
import { type Result, ok } from '../../base/result.ts'
import { realPath } from '../../base/within.ts'
import type { Context } from '../../records/context.ts'
import { dataDirectory } from '../../records/data-directory.ts'
import { movedFrom, placeBefore } from '../../workspace/trees/moved.ts'
import { batchesOf } from './find-batch.ts'
import { takeLock } from './lock.ts'
import { repoPaths } from './paths.ts'
import type { Site } from './site.ts'

/**
 * A repository that was moved, or another one in the place of one that we knew, is worked on only once a person says that it is the
 * same: its batches then come along. For who holds the lock of the new place. May be done again after a crash. Codes:
 * repository-moved, batch-running (at the place of before), lock-io, data-place.
 */
export function adoptBatches({ env }: Context, site: Site, isSame: boolean): Result<void> {
  const data = dataDirectory(env, site.top)
  if (!data.ok) return data
  const commonDir = realPath(findRepo(site.root)?.commonDir ?? site.top)
  const before = placeBefore(data.value, path.join(data.value, site.repoId), commonDir)
  if (before === null) return ok(undefined)
  if (!isSame) return movedFrom(before.commonDir, commonDir)
  const [from, to] = [path.basename(before.data), site.repoId]
  if (from === to) return ok(undefined)
  const lock = takeLock(repoPaths(env.home, from).lock)
  if (!lock.ok) return lock
  try {
    for (const batch of batchesOf(env.home, from))
      fs.renameSync(
        path.join(repoPaths(env.home, from).dir, batch),
        path.join(repoPaths(env.home, to).dir, batch),
      )
    return ok(undefined)
  } finally {
    lock.value.letGo()
  }
}
