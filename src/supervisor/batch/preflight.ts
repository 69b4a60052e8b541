import { type Result, fail, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { recordedBinary } from '../../records/sandbox-binary.ts'
import { trySandbox } from '../../records/sandbox-launcher.ts'
import { filtersOf, gitlinksOf } from '../../workspace/trees/preflight.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import { LEAST_FREE, freeBytes } from './free-space.ts'
import type { Site } from './site.ts'
import { stopFileIn } from '../decide/plan.ts'

/**
 * What would keep a batch from going on is said before it begins. Codes: stop-file, box-unusable, sandbox-unusable, disk-full,
 * filter-not-approved, unsupported-submodules.
 */
export async function preflight(
  context: Context,
  site: Site,
  own: OwnRepository,
  base: string,
): Promise<Result<void>> {
  const stop = stopFileIn(site.root)
  if (stop !== null)
    return fail('stop-file', `${stop} is there, which stops every batch`, { fix: `rm ${stop}` })
  if (recordedBinary(context) === null)
    return fail('sandbox-unavailable', 'the codex binary that runs the sandbox is not known', {
      fix: 'autonomous-loop bootstrap',
    })
  // Where it starts Codex's sandbox makes places to mount on, which a person's checkout is not to see.
  const sandbox = trySandbox(context, own.data)
  if (!sandbox.ok) return sandbox
  const free = freeBytes(own.data)
  if (free < LEAST_FREE)
    return fail('disk-full', `${own.data} has ${Math.floor(free / 1e6)} MB left, and a batch needs 2 GB`, {
      fix: `df -h ${own.data}`,
    })
  const filters = await filtersOf(own, base)
  if (!filters.ok) return filters
  const unknown = filters.value.filter((name) => name !== 'lfs')
  if (unknown.length > 0)
    return fail(
      'filter-not-approved',
      `.gitattributes names filters that nobody approved: ${unknown.join(', ')}`,
    )
  const links = await gitlinksOf(own, base)
  if (!links.ok) return links
  if (links.value.length > 0)
    return fail(
      'unsupported-submodules',
      `submodules are not supported in a batch: ${links.value.join(', ')}`,
    )
  return ok(undefined)
}
