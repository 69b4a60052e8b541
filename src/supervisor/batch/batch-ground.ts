import { type Result, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import type { FoundBatch } from './find-batch.ts'
import { settledConfig } from './open.ts'
import { repoPaths } from './paths.ts'
import { type Site, ownOf } from './site.ts'
import type { Ground, World } from '../world.ts'

/** What a look at commits of a batch needs, where no loop runs. Codes: those of settledConfig and of ownOf. */
export async function batchGround(
  context: Context,
  site: Site,
  { paths, state: { opened } }: FoundBatch,
  io: Pick<World, 'watch' | 'signals'>,
): Promise<Result<Ground>> {
  const settled = settledConfig(opened.config.text, opened.config.path)
  if (!settled.ok) return settled
  const own = await ownOf(context, site, opened.gatePath)
  if (!own.ok) return own
  return ok({
    context,
    own: own.value,
    opened,
    config: settled.value.config,
    repo: repoPaths(context.env.home, site.repoId),
    batch: paths,
    ...io,
  })
}
