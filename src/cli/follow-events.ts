import { isOpen } from '../verdict/standing.ts'
import path from 'node:path'
import type { Result } from '../base/result.ts'
import type { RunHistory } from '../views/history.ts'
import type { LedgerEvent } from '../ledger/events.ts'
import { watchPlaces } from './watch-home.ts'

/** What to follow: where there is nothing yet, what begins. Undefined when somebody interrupts before. */
export async function firstOf<T>(
  look: () => Result<T>,
  places: () => readonly string[],
  interrupted: AbortSignal,
): Promise<Result<T> | undefined> {
  const waits = (found: Result<T>): boolean => !found.ok && found.error.code === 'no-run'
  let found = look()
  if (!waits(found)) return found
  const { promise, resolve } = withResolvers()
  const again = (): void => {
    found = look()
    if (!waits(found)) resolve()
  }
  const changes = watchPlaces(places, again)
  interrupted.addEventListener('abort', () => resolve(), { once: true })
  // What was written between the first look and the watch.
  again()
  await promise
  changes.close()
  return waits(found) ? undefined : found
}

/** Prints each event once, in order, until the run is closed, its ledger breaks or somebody interrupts. */
export async function followEvents(parts: {
  readonly first: RunHistory
  readonly look: () => Result<RunHistory>
  readonly print: (event: LedgerEvent) => void
  readonly interrupted: AbortSignal
}): Promise<void> {
  let seen = 0
  /** Whether there can be more. */
  const show = (history: RunHistory): boolean => {
    for (const event of history.events) {
      if (event.seq <= seen) continue
      seen = event.seq
      parts.print(event)
    }
    return isOpen(history.run) && history.integrity.state !== 'broken'
  }
  if (!show(parts.first)) return
  const { promise, resolve } = withResolvers()
  const again = (): void => {
    const now = parts.look()
    if (!now.ok || !show(now.value)) resolve()
  }
  const dir = path.dirname(parts.first.ledger)
  const changes = watchPlaces(() => [path.dirname(dir), dir], again)
  parts.interrupted.addEventListener('abort', () => resolve(), { once: true })
  // What was written between the first look and the watch.
  again()
  await promise
  changes.close()
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => {}
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}
