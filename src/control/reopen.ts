import { type Result, ok } from '../base/result.ts'
import type { EventData, NewEvent } from '../ledger/events.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { restoreMarker } from '../ledger/start.ts'
import { type LedgerState, type ProvisionalRun, provisionalRun } from '../ledger/state.ts'
import { append } from '../ledger/store.ts'
import type { Context } from '../records/context.ts'

/** The agent went on after the release of this run: it is open again. Nothing is written where somebody else was first. */
export function reopen(
  context: Context,
  sessionId: string,
  run: ProvisionalRun,
  data: EventData['reopened'],
): Result<LedgerState> {
  const written = moveRelease(context, sessionId, run, { type: 'reopened', data })
  if (!written.ok) return written
  // Somebody may have taken it away while it was needed by nobody.
  const restored = restoreMarker(context.env.home, sessionId)
  return restored.ok ? written : restored
}

/** An agent that asks for something after its release, and before any prompt, has gone on. */
export function askedByAgent(context: Context, sessionId: string, state: LedgerState): Result<LedgerState> {
  const released = provisionalRun(state)
  if (!released || released.release.prompted) return ok(state)
  return reopen(context, sessionId, released, { by: 'request', turnId: null, changes: null })
}

/** Writes an event about this provisional release, unless it is another one, or none, by now. */
export function moveRelease(
  context: Context,
  sessionId: string,
  run: ProvisionalRun,
  event: NewEvent,
): Result<LedgerState> {
  const written = append(sessionPaths(context.env.home, sessionId), context.clock, (state) => {
    const now = provisionalRun(state)
    return ok(now?.runId === run.runId && now.lastStopSeq === run.lastStopSeq ? [event] : [])
  })
  return written.ok ? ok(written.value.state) : written
}
