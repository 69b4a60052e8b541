import type { Context } from '../control/context.ts'
import { type LiveRecord, readLive } from '../control/live.ts'
import { type TakenIn, takeIn } from '../control/take-in.ts'
import { type Result, err, ok } from '../base/result.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { settle } from '../ledger/start.ts'
import { type LedgerState, type RunState, openRun } from '../ledger/state.ts'
import { readSession } from '../ledger/store.ts'
import { withLock } from '../ledger/lock.ts'

/** A session as every handler meets it: cut-short writes finished, its spool taken in. */
export interface SessionView {
  readonly state: LedgerState
  readonly open: RunState | undefined
  readonly live: LiveRecord | undefined
  readonly taken: TakenIn
}

const intakeWaitMs = 30_000

/** Every handler starts here. The failure is one of integrity; nothing of the session may then be trusted. */
export async function openSession(context: Context, sessionId: string): Promise<Result<SessionView>> {
  const { home } = context.env
  const settled = settle(home, sessionId, context.clock)
  if (!settled.ok) return settled
  const live = readLive(home, sessionId)
  // Two hooks of one stop would otherwise take the same request in twice.
  const taken = await withLock(sessionPaths(home, sessionId).intakeLock, { waitMs: intakeWaitMs }, async () =>
    ok(await takeIn(context, sessionId, live)),
  )
  if (!taken.ok) return taken
  const session = readSession(home, sessionId)
  if (!session.ok) return session
  const missing = session.value.findings.find((finding) => finding.code === 'marker-missing')
  if (missing) return err(missing)
  return ok({ state: session.value.state, open: openRun(session.value.state), live, taken: taken.value })
}
