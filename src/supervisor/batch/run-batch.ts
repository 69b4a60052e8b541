import { type Result, fail, ok } from '../../base/result.ts'
import { ensureHome } from '../../ledger/home.ts'
import type { Context } from '../../records/context.ts'
import { adoptBatches } from './adopt.ts'
import { onAndOn } from './continuous.ts'
import { onwards } from './onwards.ts'
import { begun } from './begin-batch.ts'
import { isOver, newestBatch } from './find-batch.ts'
import { takeLock } from './lock.ts'
import { repoPaths } from './paths.ts'
import { stopFileIn } from '../decide/plan.ts'
import { dropStops, leftRequests } from '../orders/requests.ts'
import { completed, otherGoal, stillOpen } from './refused-call.ts'
import { resumed } from './resume-batch.ts'
import type { RunAsked, RunEnded, RunIo } from './run-asked.ts'
import { isOfBacklog } from '../orders/item-files.ts'
import { type Site, siteOf } from './site.ts'

/**
 * Works through the backlog of a repository until the batch rests.
 *
 *   lock ─► leftovers ended ─► open batch, or preflight ─► base check ─► batch-opened ─► loop ─► publish ─► rest
 *
 * Codes: batch-running, base-red, batch-completed, and those of adoptBatches and planOpening.
 */
export async function runBatch(
  context: Context,
  cwd: string,
  asked: RunAsked,
  io: RunIo,
): Promise<Result<RunEnded>> {
  const site = siteOf(cwd)
  if (!site.ok) return site
  const home = ensureHome(context.env.home)
  if (!home.ok) return home
  const stop = stopFileIn(site.value.root)
  if (stop !== null)
    return fail('stop-file', `${stop} is there, which stops every batch`, { fix: `rm ${stop}` })
  return asked.continuous === null
    ? once(context, site.value, asked, io, true)
    : onAndOn(context, site.value, { ...asked, continuous: asked.continuous }, io, (now, isFirst) =>
        once(context, site.value, now, io, isFirst),
      )
}

/** `isFirst`: a stop that was left before is not meant for this process. */
async function once(
  context: Context,
  site: Site,
  asked: RunAsked,
  io: RunIo,
  isFirst: boolean,
): Promise<Result<RunEnded>> {
  const { lock: file, requests } = repoPaths(context.env.home, site.repoId)
  const lock = takeLock(file)
  if (!lock.ok) return lock
  try {
    const adopted = adoptBatches(context, site, asked.adopt)
    if (!adopted.ok) return adopted
    if (isFirst) dropStops(requests)
    return await locked(context, site, asked, io)
  } finally {
    lock.value.letGo()
  }
}

async function locked(context: Context, site: Site, asked: RunAsked, io: RunIo): Promise<Result<RunEnded>> {
  const { home } = context.env
  const { requests } = repoPaths(home, site.repoId)
  const before = newestBatch(home, site.repoId)
  if (!before.ok) return before
  const found = before.value
  // It had come to rest before it crashed, and a crash is no person's word to go on.
  if (asked.isRestart && found?.state.rest && !leftRequests(requests).has('order'))
    return ok({ batch: found.batch, state: found.state, rest: found.state.rest, published: null })
  const isOnwards = asked.continuous !== null && !asked.isNew
  if (found !== null && isOver(found.state) && isOnwards && isOfBacklog(found.state))
    return onwards(context, site, found, asked, io)
  const isPlain = !asked.isNew && asked.task === null && asked.goal === null
  // Left while another process had the lock, which took in none.
  if (found !== null && isOver(found.state) && isPlain && leftRequests(requests).has('order'))
    return resumed(context, site, found, asked, io)
  if (found !== null && isOver(found.state) && !asked.isNew && asked.task === null)
    return completed(found.batch, asked.goal)
  if (found !== null && !isOver(found.state)) {
    if (asked.isNew || asked.task !== null) return stillOpen(found.batch)
    const other = otherGoal(found, asked.goal)
    return other ?? resumed(context, site, found, asked, io)
  }
  return begun(context, site, asked, io)
}
