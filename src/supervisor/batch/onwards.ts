import { type Result, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { isAncestor } from '../../workspace/trees/own.ts'
import { approvedSince } from '../orders/approved-since.ts'
import { leftRequests } from '../orders/requests.ts'
import { begun } from './begin-batch.ts'
import { broughtHead } from './brought-head.ts'
import type { FoundBatch } from './find-batch.ts'
import { repoPaths } from './paths.ts'
import { resumed } from './resume-batch.ts'
import type { RunAsked, RunEnded, RunIo } from './run-asked.ts'
import { type Site, ownOf } from './site.ts'

/**
 * What a call that goes on and on does where the batch is completed: nothing as long as nobody ordered or accepted anything; else the same batch
 * goes on with it, or, where HEAD holds all that was done, a new one that begins there. Codes: those of broughtHead, of begun and of
 * resumed.
 */
export async function onwards(
  context: Context,
  site: Site,
  found: FoundBatch,
  asked: RunAsked,
  io: RunIo,
): Promise<Result<RunEnded>> {
  const { batch, state } = found
  // Left by somebody who was told that a process would take it up.
  if (leftRequests(repoPaths(context.env.home, site.repoId).requests).has('order'))
    return resumed(context, site, found, asked, io)
  if (approvedSince(context, site, state).length === 0)
    return ok({ batch, state, rest: state.rest ?? { state: 'completed' }, published: null })
  const own = await ownOf(context, site, state.opened.gatePath, asked.adopt)
  if (!own.ok) return own
  const base = await broughtHead(context, site, own.value)
  if (!base.ok) return base
  const landed = await isAncestor(own.value, state.head, base.value)
  if (!landed.ok) return landed
  return landed.value ? begun(context, site, asked, io, state) : resumed(context, site, found, asked, io)
}
