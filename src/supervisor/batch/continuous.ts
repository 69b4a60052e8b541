import fs from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { type Result, fail } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import type { Context } from '../../records/context.ts'
import { approvedItemsDir } from '../../records/item-approvals.ts'
import { stopFileIn } from '../decide/plan.ts'
import { approvedSince } from '../orders/approved-since.ts'
import { isOfBacklog } from '../orders/item-files.ts'
import { leftRequests } from '../orders/requests.ts'
import type { Site } from './site.ts'
import { newestBatch } from './find-batch.ts'
import { batchPaths, repoPaths } from './paths.ts'
import type { RunAsked, RunEnded, RunIo } from './run-asked.ts'
import { Bell, watchDirectories, watchedPlaces } from './surroundings.ts'
import {
  type Left,
  continuousProcess,
  forgetContinuous,
  leftOfContinuous,
  noteContinuous,
} from './continuous-process.ts'

/** Longest time of a timer. */
const MOST_MS = 2 ** 31 - 1
/** A lock that is let go rings no bell. */
const TAKEN_MS = 10_000

type Continuous = RunAsked & { readonly continuous: NonNullable<RunAsked['continuous']> }

/**
 * Works, waits for more to do, and works again. A batch that is completed goes on with what is new, until its head is part of the
 * checkout: then another one begins there. Codes: batch-running, home-unwritable, those of `work`.
 */
export async function onAndOn(
  context: Context,
  site: Site,
  first: Continuous,
  io: RunIo,
  work: (asked: RunAsked, isFirst: boolean) => Promise<Result<RunEnded>>,
): Promise<Result<RunEnded>> {
  const repo = repoPaths(context.env.home, site.repoId)
  fs.mkdirSync(repo.dir, { recursive: true, mode: 0o700 })
  if (continuousProcess(repo) !== null)
    return fail('batch-running', 'another process of run --continuous waits for more to do here', {
      fix: 'autonomous-loop stop',
    })
  const left = first.isRestart ? leftOfContinuous(repo) : null
  const asked = left === null ? first : withLeft(first, left, newestBegun(context, site))
  try {
    return await cyclesOf(context, site, asked, io, work)
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.syscall === undefined) throw error
    return fail('home-unwritable', `${repo.continuous} could not be written: ${systemWords(error)}`)
  } finally {
    forgetContinuous(repo)
  }
}

/** A crash gives nothing back: attempts, time and cycles are those that the call had left before it. Pure. */
function withLeft(asked: Continuous, left: Left, now: Pick<Left, 'batch' | 'begun'>): Continuous {
  const used = now.begun - (now.batch === left.batch ? left.begun : 0)
  return {
    ...asked,
    iterations: left.iterations === null ? null : Math.max(0, left.iterations - used),
    until: left.until,
    continuous: { ...asked.continuous, cycles: left.cycles },
  }
}

async function cyclesOf(
  context: Context,
  site: Site,
  first: Continuous,
  io: RunIo,
  work: (asked: RunAsked, isFirst: boolean) => Promise<Result<RunEnded>>,
): Promise<Result<RunEnded>> {
  const repo = repoPaths(context.env.home, site.repoId)
  const { everyMs } = first.continuous
  let { cycles } = first.continuous
  let asked: RunAsked = first
  let ended: Result<RunEnded> | null = null
  for (;;) {
    const before = newestBegun(context, site)
    noteContinuous(repo, { iterations: asked.iterations, until: asked.until, cycles, ...before })
    const now = await work(asked, ended === null)
    // Somebody else works at it, and it is waited for what they leave.
    const isTaken = ended !== null && !now.ok && now.error.code === 'batch-running'
    if (!isTaken) ended = now
    if (ended === null || !ended.ok || !isIdle(ended.value, io)) return ended ?? now
    const { batch, state } = ended.value
    const used = isTaken ? 0 : state.begun - (batch === before.batch ? before.begun : 0)
    const left = asked.iterations === null ? null : asked.iterations - used
    if (!isTaken && cycles !== null) cycles -= 1
    if ((cycles !== null && cycles <= 0) || (left !== null && left <= 0)) return ended
    noteContinuous(repo, { iterations: left, until: asked.until, cycles, ...newestBegun(context, site) })
    if (!(await moreToDo(context, site, asked, { everyMs, isTaken }, io))) return ended
    asked = {
      ...asked,
      iterations: left,
      isNew: false,
      isRestart: false,
      task: null,
      retryParked: false,
      adopt: false,
    }
  }
}

/** The newest batch, and the attempts that it has seen so far. */
function newestBegun({ env }: Context, site: Site): Pick<Left, 'batch' | 'begun'> {
  const found = newestBatch(env.home, site.repoId)
  return found.ok && found.value !== null
    ? { batch: found.value.batch, begun: found.value.state.begun }
    : { batch: null, begun: 0 }
}

/** Whether a call that goes on and on has nothing to do but to wait: what else a batch rests for is a person's, or what was asked for. */
function isIdle({ rest, state }: RunEnded, { ending }: RunIo): boolean {
  if (ending.aborted) return false
  // What somebody typed is done then, and nothing is added to it.
  return (
    (rest.state === 'completed' && isOfBacklog(state)) || (rest.state === 'parked' && rest.code === 'items')
  )
}

/**
 * Waits until there may be something to do: a person accepted an item that is new or edited, or changed something in the batch. Nobody
 * has the lock meanwhile, so that orders and `land` go on. False: a signal, `stop`, a stop file or the time of `--until` came first.
 */
async function moreToDo(
  context: Context,
  site: Site,
  { until }: Pick<RunAsked, 'until'>,
  { everyMs, isTaken }: { readonly everyMs: number; readonly isTaken: boolean },
  { ending, waits }: RunIo,
): Promise<boolean> {
  const { home } = context.env
  const repo = repoPaths(home, site.repoId)
  const bell = new Bell()
  const ring = (): void => bell.tell()
  ending.addEventListener('abort', ring, { once: true })
  try {
    // What is to be done is theirs as long as they have the lock: else it would be asked for again and again.
    for (let mayTry = !isTaken; ; mayTry = true) {
      // Watched before it is looked at: what comes in between rings.
      const rung = bell.happened()
      const watching = watchDirectories(placesOf(context, site), bell)
      const timer = new AbortController()
      try {
        const asked = leftRequests(repo.requests)
        if (ending.aborted || asked.has('stop') || stopFileIn(site.root) !== null) return false
        waits()
        const left = until === null ? Infinity : until - context.clock()
        if (left <= 0) return false
        if (mayTry && (asked.has('order') || hasWork(context, site))) return true
        const wait = Math.min(mayTry ? everyMs : Math.min(everyMs, TAKEN_MS), left, MOST_MS)
        await Promise.race([rung, setTimeout(wait, undefined, { signal: timer.signal }).catch(() => {})])
      } finally {
        timer.abort()
        watching.close()
      }
    }
  } finally {
    ending.removeEventListener('abort', ring)
  }
}

function hasWork(context: Context, site: Site): boolean {
  const found = newestBatch(context.env.home, site.repoId)
  if (!found.ok || found.value === null) return false
  const { state } = found.value
  return state.rest === null || approvedSince(context, site, state).length > 0
}

function placesOf({ env }: Context, site: Site): readonly string[] {
  const repo = repoPaths(env.home, site.repoId)
  fs.mkdirSync(repo.requests, { recursive: true, mode: 0o700 })
  const found = newestBatch(env.home, site.repoId)
  const approved = approvedItemsDir(env.home)
  return [
    ...watchedPlaces(site.root, repo.requests),
    ...(found.ok && found.value !== null ? [batchPaths(env.home, site.repoId, found.value.batch).dir] : []),
    approved,
    ...namesIn(approved).map((name) => path.join(approved, name)),
  ]
}
