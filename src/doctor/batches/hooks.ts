import { batchPaths } from '../../supervisor/batch/paths.ts'
import { readHooks } from '../../supervisor/tell/hook-journal.ts'
import { type Check, failed, passed } from '../check.ts'
import type { BatchLook } from './look.ts'

/** Hooks for people of the newest batch that did not do what they were there for. */
export function hooks({ context, site, state }: BatchLook): Check {
  if (state === null) return passed({ failed: [] })
  const { ended } = readHooks(batchPaths(context.env.home, site.repoId, state.opened.batch))
  const wrong = ended.flatMap(({ hook, item, why, log }) => (why === null ? [] : [{ hook, item, why, log }]))
  const last = wrong.at(-1)
  return last === undefined
    ? passed({ failed: [] })
    : failed(
        `hooks of batch ${state.opened.batch} failed (${wrong.length}); the last one, ${last.hook}: ${last.why}`,
        `look at ${last.log}`,
        { failed: wrong },
      )
}
