import { type Result, fail, ok } from '../../base/result.ts'
import { ensureHome } from '../../ledger/home.ts'
import type { Context } from '../../records/context.ts'
import type { FrozenItem } from '../record/events.ts'
import { adoptBatches } from './adopt.ts'
import { onAndOn } from './continuous.ts'
import { onwards } from './onwards.ts'
import { begun } from './begin-batch.ts'
import { type FoundBatch, isOver, newestBatch } from './find-batch.ts'
import { takeLock } from './lock.ts'
import { repoPaths } from './paths.ts'
import { stopFileIn } from '../decide/plan.ts'
import { dropStops, leftRequests } from '../orders/requests.ts'
import { resumed } from './resume-batch.ts'
import type { RunAsked, RunEnded, RunIo } from './run-asked.ts'
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
  if (found !== null && isOver(found.state) && asked.continuous !== null)
    return onwards(context, site, found, asked, io)
  if (found !== null && isOver(found.state) && !asked.isNew && asked.task === null)
    return fail('batch-completed', `batch ${found.batch} is completed`, { fix: 'autonomous-loop run --new' })
  if (found !== null && !isOver(found.state)) {
    if (asked.isNew || asked.task !== null)
      return fail('batch-open', `batch ${found.batch} is still open`, { fix: 'autonomous-loop run' })
    const other = otherGoal(found, asked.goal)
    return other ?? resumed(context, site, found, asked, io)
  }
  return begun(context, site, asked, io)
}

/** A goal that was typed is the one that the open batch works towards, or another; edits of its files are a question of their own. Code: batch-open. */
function otherGoal({ batch, state }: FoundBatch, typed: FrozenItem | null): Result<never> | null {
  if (typed === null) return null
  const had = [...state.items.values()].find((one) => one.goal !== null)?.frozen
  if (had !== undefined && termsOf(had) === termsOf(typed)) return null
  return fail('batch-open', `batch ${batch} is still open, and works ${workWords(had)}`, {
    fix: 'autonomous-loop run',
  })
}

const termsOf = ({ file, goal }: FrozenItem): string =>
  JSON.stringify([file, goal?.scope, goal?.rules?.file ?? null])

const workWords = (goal: FrozenItem | undefined): string =>
  goal === undefined ? 'through the backlog' : `towards ${goal.file} with other rules or another scope`
