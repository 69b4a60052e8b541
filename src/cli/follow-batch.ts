import { type Result, ok } from '../base/result.ts'
import type { Context } from '../records/context.ts'
import { continuousProcess } from '../supervisor/batch/continuous-process.ts'
import { type SeenBatch, batchesOf } from '../supervisor/batch/find-batch.ts'
import { batchPaths, repoPaths } from '../supervisor/batch/paths.ts'
import type { Site } from '../supervisor/batch/site.ts'
import { watcherOf } from '../supervisor/batch/watcher.ts'
import type { BatchEvent } from '../supervisor/record/events.ts'
import { type BatchReader, batchReader } from '../supervisor/record/read-on.ts'
import { isAtWork } from '../views/batch-around.ts'
import { batchPlaces } from './status-look.ts'
import { watchPlaces } from './watch-home.ts'

/** A process that was killed changes no file. */
const ALIVE_MS = 2000

export interface Followed {
  readonly found: SeenBatch
  /** Somebody works at it, waits for more to do, or starts it again. */
  readonly isKept: boolean
}

/** What is followed, and how long. */
export interface Following {
  readonly site: Pick<Site, 'repoId'>
  /** This batch and no other one; null: the newest, and those that come after it. */
  readonly batch: string | null
  /** Where it begins in a batch that is there already. */
  readonly from: 'last-start' | 'first-event'
  /** Until nobody has it in hand, or until it has come to rest besides: somebody may go on with it. */
  readonly until: 'let-go' | 'rested'
  /** Told when it waits for somebody; `null`: it does not any more. */
  readonly waits?: (what: 'batch' | 'process' | null) => void
}

/** The newest batch and whether anybody has it in hand; null: there is none. Codes: those of readBatch. */
export function keptBatch(context: Context, site: Site): Result<Followed | null> {
  return follower(context, site, null).look()
}

/**
 * Prints the events of a batch as they come. Where there is none, it waits for one if it is to be followed until it rests. Undefined when
 * somebody interrupts before its end. Codes: those of readBatch.
 */
export async function followBatch(
  context: Context,
  following: Following,
  print: (event: BatchEvent) => void,
  interrupted: AbortSignal,
): Promise<Result<Followed | null> | undefined> {
  const { site, until, waits = () => {} } = following
  const from = follower(context, site, following.batch)
  let wake: () => void = () => {}
  interrupted.addEventListener('abort', () => wake(), { once: true })
  const changes = watchPlaces(
    () => batchPlaces(context.env.home, site),
    () => wake(),
  )
  const alive = setInterval(() => wake(), ALIVE_MS)
  let isFirst = true
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => (wake = resolve))
      const events: BatchEvent[] = []
      const now = from.look((event) => events.push(event))
      if (!now.ok) return now
      const start =
        isFirst && following.from === 'last-start'
          ? (events.findLast((one) => one.type === 'started')?.seq ?? 0)
          : 0
      isFirst = false
      if (events.length > 0) waits(null)
      for (const event of events) if (event.seq >= start) print(event)
      if (isOver(now.value, until)) return now
      if (now.value?.isKept !== true) waits(now.value === null ? 'batch' : 'process')
      if (interrupted.aborted) return undefined
      await woken
      if (interrupted.aborted) return undefined
    }
  } finally {
    waits(null)
    clearInterval(alive)
    changes.close()
  }
}

function isOver(now: Followed | null, until: Following['until']): boolean {
  if (until === 'let-go') return now?.isKept !== true
  return now !== null && !now.isKept && now.found.state.rest !== null
}

/** Reads each batch once, however often it is looked at. */
function follower(context: Context, { repoId }: Pick<Site, 'repoId'>, only: string | null) {
  const { home } = context.env
  const repo = repoPaths(home, repoId)
  let [known, reader]: [string, BatchReader | null] = ['', null]
  return {
    look(each?: (event: BatchEvent) => void): Result<Followed | null> {
      const isHeld = continuousProcess(repo) !== null || watcherOf(repo) !== null
      const batches = only === null ? batchesOf(home, repoId).toReversed() : [only]
      for (const batch of batches) {
        const paths = batchPaths(home, repoId, batch)
        if (reader === null || known !== batch)
          [known, reader] = [
            batch,
            batchReader(paths.ledger, each === undefined ? 'checkpoint' : 'beginning'),
          ]
        const first = reader.look(each)
        if (!first.ok) return first
        if (first.value === null) continue
        const isKept = isHeld || (first.value.rest === null && isAtWork(first.value))
        // What it wrote last, before it was found gone.
        const last = isKept ? first : reader.look(each)
        if (!last.ok) return last
        if (last.value !== null) return ok({ found: { batch, paths, state: last.value }, isKept })
      }
      return ok(null)
    },
  }
}
