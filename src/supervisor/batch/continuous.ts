import fs from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { type Result, fail } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { approvedItemsDir } from '../../records/item-approvals.ts'
import { stopFileIn } from '../decide/plan.ts'
import { approvedSince } from '../orders/approved-since.ts'
import { leftRequests } from '../orders/requests.ts'
import type { Site } from './site.ts'
import { newestBatch } from './find-batch.ts'
import { batchPaths, repoPaths } from './paths.ts'
import type { RunAsked, RunEnded, RunIo } from './run-asked.ts'
import { Bell, watchDirectories, watchedPlaces } from './surroundings.ts'
import { continuousProcess, noteContinuous } from './continuous-process.ts'

/** Longest time of a timer. */
const MOST_MS = 2 ** 31 - 1

type Continuous = RunAsked & { readonly continuous: NonNullable<RunAsked['continuous']> }

/**
 * Works, waits for more to do, and works again. A batch that is completed goes on with what is new, until its head is part of the
 * checkout: then another one begins there. Codes: those of `work`.
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
  const forget = noteContinuous(repo)
  try {
    return await cyclesOf(context, site, first, io, work)
  } finally {
    forget()
  }
}

async function cyclesOf(
  context: Context,
  site: Site,
  first: Continuous,
  io: RunIo,
  work: (asked: RunAsked, isFirst: boolean) => Promise<Result<RunEnded>>,
): Promise<Result<RunEnded>> {
  const { everyMs, cycles } = first.continuous
  let asked: RunAsked = first
  let ended: Result<RunEnded> | null = null
  for (let cycle = 1; ;) {
    const before = begunBy(context, site)
    const now = await work(asked, ended === null)
    // Somebody else works at it, and it is waited for what they leave.
    const isTaken = ended !== null && !now.ok && now.error.code === 'batch-running'
    if (!isTaken) ended = now
    if (ended === null || !ended.ok || !isIdle(ended.value, io)) return ended ?? now
    const { iterations } = asked
    const used = isTaken ? 0 : ended.value.state.begun - (before.get(ended.value.batch) ?? 0)
    const left = iterations === null ? null : iterations - used
    if (!isTaken) cycle += 1
    if ((cycles !== null && cycle > cycles) || (left !== null && left <= 0)) return ended
    if (!(await moreToDo(context, site, asked, everyMs, io))) return ended
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

/** Attempts that the newest batch has seen so far, by its id. */
function begunBy({ env }: Context, site: Site): ReadonlyMap<string, number> {
  const found = newestBatch(env.home, site.repoId)
  return new Map(found.ok && found.value !== null ? [[found.value.batch, found.value.state.begun]] : [])
}

/** Whether a call that goes on and on has nothing to do but to wait: what else a batch rests for is a person's, or what was asked for. */
function isIdle({ rest }: RunEnded, { ending }: RunIo): boolean {
  if (ending.aborted) return false
  return rest.state === 'completed' || (rest.state === 'parked' && rest.code === 'items')
}

/**
 * Waits until there may be something to do: a person accepted an item that is new or edited, or changed something in the batch. Nobody
 * has the lock meanwhile, so that orders and `land` go on. False: a signal, `stop`, a stop file or the time of `--until` came first.
 */
async function moreToDo(
  context: Context,
  site: Site,
  { until }: Pick<RunAsked, 'until'>,
  everyMs: number,
  { ending, waits }: RunIo,
): Promise<boolean> {
  const { home } = context.env
  const repo = repoPaths(home, site.repoId)
  const bell = new Bell()
  const ring = (): void => bell.tell()
  ending.addEventListener('abort', ring, { once: true })
  try {
    for (;;) {
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
        if (asked.has('order') || hasWork(context, site)) return true
        const wait = Math.min(everyMs, left, MOST_MS)
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
