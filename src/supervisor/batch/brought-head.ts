import { type Result, fail, ok } from '../../base/result.ts'
import { evidenceOptions } from '../../evidence/options.ts'
import { gitHead } from '../../evidence/repo-root.ts'
import type { Context } from '../../records/context.ts'
import { bringIn, bringRefs } from '../../workspace/trees/bring-in.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import { preflight } from './preflight.ts'
import type { Site } from './site.ts'

/** The commit of HEAD, taken into our repository with everything that work at it needs. Codes: no-commit, and those of trees and of preflight. */
export async function broughtHead(context: Context, site: Site, own: OwnRepository): Promise<Result<string>> {
  const base = await gitHead(site.root, evidenceOptions(context.env))
  if (base === null)
    return fail('no-commit', `${site.top} has no commit to begin from`, { fix: 'git commit' })
  const brought = await bringIn(own, base)
  if (!brought.ok) return brought
  const refs = await bringRefs(own)
  if (!refs.ok) return refs
  const ready = await preflight(context, site, own, base)
  return ready.ok ? ok(base) : ready
}
