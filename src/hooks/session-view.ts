import type { HookPayload } from '../codex/types.ts'
import type { Context } from '../records/context.ts'
import { type LiveRecord, readLive } from '../records/live.ts'
import { witnessOf } from '../control/shown.ts'
import { dropFlood, maxFiles, readSpool, spoolOf } from '../control/spool.ts'
import type { TakenIn } from '../control/take-in.ts'
import { type Failure, type Result, err, ok } from '../base/result.ts'
import type { SessionRecord } from '../ledger/look.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { settle } from '../ledger/start.ts'
import { type LedgerState, type RunState, openRun, provisionalRun } from '../ledger/state.ts'
import { readSession } from '../ledger/store.ts'
import { withLock } from '../ledger/lock.ts'
import { afterRelease } from './after-release.ts'
import { loadEngine } from './load-engine.ts'
import type { StopIdentity } from './stop-event.ts'

/** A session as every handler meets it: cut-short writes finished, its spool taken in. */
export interface SessionView {
  readonly state: LedgerState
  readonly open: RunState | undefined
  readonly live: LiveRecord | undefined
  readonly taken: TakenIn
  /** What the person is to be told of the release before. */
  readonly note: string | null
}

/** How a session is opened. */
export interface Opening {
  /** The spool is left alone: what a person says to let a session go waits for nothing that an agent wrote. */
  readonly letsGo?: boolean
  /** Of a Stop. */
  readonly stop?: StopIdentity
}

const intakeWaitMs = 30_000
const untouched: TakenIn = { applied: [], refused: [], strange: [], refusedFiles: [] }

const floodWords = `more than ${maxFiles} files lay in the spool of this session and were put aside unread; make a request of yours again`

/** Every handler starts here. The failure is one of integrity; nothing of the session may then be trusted. */
export async function openSession(
  context: Context,
  payload: HookPayload,
  { letsGo = false, stop }: Opening = {},
): Promise<Result<SessionView>> {
  const { home } = context.env
  const { sessionId } = payload
  const settled = settle(home, sessionId, context.clock)
  if (!settled.ok) return settled
  const cut = unfinishedStart(settled.value)
  if (cut) return err(cut)
  const live = readLive(home, sessionId)
  // Two hooks of one stop would otherwise take the same request in twice.
  const { intakeLock } = sessionPaths(home, sessionId)
  const { uid } = context.env
  const place = spoolOf(uid, live, sessionId)
  // Only where it can be told: among much garbage there may be a request of this session's own.
  const flood = payload.event === 'Stop' && dropFlood(place, uid) ? [floodWords] : []
  const spooled = !letsGo && readSpool(place, uid).length > 0
  const { state: before } = settled.value
  const released = provisionalRun(before)
  const occasion = { letsGo, spooled, seq: before.seq, ...(stop ? { stop } : {}) }
  const after = released ? await afterRelease(context, payload, released, occasion) : ok(null)
  if (!after.ok) return after
  const taken = spooled
    ? await withLock(intakeLock, { waitMs: intakeWaitMs }, async () => {
        const { takeIn } = await loadEngine()
        return ok(await takeIn(context, live, witnessOf(payload, openRun(before) ?? released)))
      })
    : ok(untouched)
  if (!taken.ok) return taken
  const session = readSession(home, sessionId)
  if (!session.ok) return session
  const missing = session.value.findings.find((finding) => finding.code === 'marker-missing')
  if (missing) return err(missing)
  const { state } = session.value
  const strange = [...flood, ...taken.value.strange]
  return ok({
    state,
    open: openRun(state),
    live,
    taken: { ...taken.value, strange },
    note: after.value,
  })
}

/** Somebody was about to be told "armed": a start that cannot be finished (a full disk) is held, not let go. */
function unfinishedStart({ findings }: SessionRecord): Failure | undefined {
  const cut = findings.find((finding) => finding.code === 'start-cut-short')
  const why = findings.find((finding) => finding.code === 'unsettled')
  return cut && why ? { ...cut, message: `the start of a run was cut short: ${why.message}` } : cut
}
