import { isLanded } from '../landing/landed-work.ts'
import { type Result, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { refsBelow } from '../../workspace/trees/our-refs.ts'
import { isOver, newestBatch } from '../batch/find-batch.ts'
import { knownBatches } from '../batch/known-batches.ts'
import { isBatchId } from '../batch/paths.ts'
import { type Site, seenOwn } from '../batch/site.ts'
import type { BatchState } from '../record/state.ts'

/** What stays of one batch, and why nothing of it goes by itself. */
export interface HeldBatch {
  readonly batch: string
  /** `gone`: there is no record of it any more, and refs are all that is left. */
  readonly why: 'open' | 'not-landed' | 'landed' | 'broken' | 'gone'
  /** Refs that hold its head, its attempts and what was rescued. */
  readonly heads: number
  readonly attempts: number
  readonly rescues: number
}

/** Only reads. Codes: those of seenOwn and of git. */
export async function heldRefs(context: Context, site: Site): Promise<Result<readonly HeldBatch[]>> {
  const newest = newestBatch(context.env.home, site.repoId)
  const gatePath = newest.ok ? newest.value?.state.opened.gatePath : undefined
  const own = seenOwn(context, site, gatePath ?? context.env.vars['PATH'] ?? '')
  if (!own.ok) return own
  if (own.value === null) return ok([])
  const refs = await refsBelow(own.value, 'refs/autonomous-loop')
  if (!refs.ok) return refs
  const known = new Map(knownBatches(context, site).map((one) => [one.batch, one]))
  const named = refs.value.flatMap(({ ref }) => {
    const [, , kind = '', batch = ''] = ref.split('/')
    return isBatchId(batch) ? [{ kind, batch }] : []
  })
  return ok(
    [...new Set([...known.keys(), ...named.map((one) => one.batch)])].sort().map((batch) => {
      const count = (kind: string): number =>
        named.filter((one) => one.batch === batch && one.kind === kind).length
      const one = known.get(batch)
      return {
        batch,
        why: one === undefined ? 'gone' : one.isBroken || one.state === null ? 'broken' : whyHeld(one.state),
        heads: count('heads'),
        attempts: count('attempts'),
        rescues: count('rescue'),
      }
    }),
  )
}

function whyHeld(state: BatchState): HeldBatch['why'] {
  if (!isOver(state)) return 'open'
  return isLanded(state) ? 'landed' : 'not-landed'
}
