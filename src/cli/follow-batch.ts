import type { Result } from '../base/result.ts'
import type { Context } from '../records/context.ts'
import { continuousProcess } from '../supervisor/batch/continuous-process.ts'
import { type FoundBatch, newestBatch } from '../supervisor/batch/find-batch.ts'
import { repoPaths } from '../supervisor/batch/paths.ts'
import type { Site } from '../supervisor/batch/site.ts'
import { watcherOf } from '../supervisor/batch/watcher.ts'
import { readBatch } from '../supervisor/record/batch-ledger.ts'
import type { BatchEvent } from '../supervisor/record/events.ts'
import { lookAround } from '../views/batch-around.ts'
import { watchPlaces } from './watch-home.ts'

/** A process that was killed changes no file. */
const ALIVE_MS = 2000

export interface Followed {
  readonly found: FoundBatch
  /** Somebody works at it, waits for more to do, or starts it again. */
  readonly isKept: boolean
}

/** The newest batch and whether anybody has it in hand; null: there is none. Codes: those of readBatch. */
export function keptBatch(context: Context, site: Site): Result<Followed | null> {
  const found = newestBatch(context.env.home, site.repoId)
  if (!found.ok) return found
  if (found.value === null) return { ok: true, value: null }
  const { state } = found.value
  const repo = repoPaths(context.env.home, site.repoId)
  const isKept =
    (state.rest === null && lookAround(state, context).isAlive) ||
    continuousProcess(repo) !== null ||
    watcherOf(repo) !== null
  return { ok: true, value: { found: found.value, isKept } }
}

/**
 * Prints the events of the batch, from the last start of a process on, until nobody has it in hand any more. Undefined when somebody
 * interrupts before. Codes: those of readBatch.
 */
export async function followBatch(
  context: Context,
  site: Site,
  print: (event: BatchEvent) => void,
  interrupted: AbortSignal,
): Promise<Result<Followed | null> | undefined> {
  const { dir } = repoPaths(context.env.home, site.repoId)
  let [batch, seen] = ['', 0]
  let wake: () => void = () => {}
  interrupted.addEventListener('abort', () => wake(), { once: true })
  const changes = watchPlaces(
    () => [dir, ...(batch === '' ? [] : [`${dir}/${batch}`])],
    () => wake(),
  )
  const alive = setInterval(() => wake(), ALIVE_MS)
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => (wake = resolve))
      // Looked at before its events are read: what comes after that is there the next time.
      const now = keptBatch(context, site)
      if (!now.ok || now.value === null) return now
      const events: BatchEvent[] = []
      const read = readBatch(now.value.found.paths.ledger, (event) => events.push(event))
      if (!read.ok) return read
      const isFirst = batch === ''
      if (batch !== now.value.found.batch) [batch, seen] = [now.value.found.batch, 0]
      const from = isFirst ? (events.findLast((one) => one.type === 'started')?.seq ?? 0) : 0
      for (const event of events) if (event.seq > seen && event.seq >= from) print(event)
      seen = events.at(-1)?.seq ?? seen
      if (!now.value.isKept) return now
      if (interrupted.aborted) return undefined
      await woken
      if (interrupted.aborted) return undefined
    }
  } finally {
    clearInterval(alive)
    changes.close()
  }
}
