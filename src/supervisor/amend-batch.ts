import { type Result, ok } from '../base/result.ts'
import type { Approval } from '../records/approvals.ts'
import type { Context } from '../records/context.ts'
import { isOver, newestBatch } from './find-batch.ts'
import { repoPaths } from './paths.ts'
import { leaveRequest } from './requests.ts'
import { siteOf } from './site.ts'

/** Asks the open batch of a repository, if there is one, to go by this config from its next start. Codes: batch-broken, home-unwritable. */
export function amendBatch(context: Context, cwd: string, approval: Approval): Result<void> {
  const site = siteOf(cwd)
  if (!site.ok) return ok(undefined)
  const { home } = context.env
  const found = newestBatch(home, site.value.repoId)
  if (!found.ok) return found
  if (found.value === null || isOver(found.value.state)) return ok(undefined)
  const { path, sha256, text, gatePath } = approval
  return leaveRequest(repoPaths(home, site.value.repoId).requests, {
    kind: 'amend',
    config: { path, sha256, text },
    gatePath,
  })
}
