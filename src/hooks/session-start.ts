import { ok } from '../base/result.ts'
import type { HookAnswer, HookPayload } from '../codex/types.ts'
import type { Context } from '../records/context.ts'
import type { LiveRecord } from '../records/live.ts'
import type { NotHeld } from '../records/stop-held.ts'
import { cliWord } from '../records/cli-place.ts'
import { isHeldBy, openRun } from '../ledger/state.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { append } from '../ledger/store.ts'
import { continuityContext } from '../verdict/words/context.ts'
import { nothing } from './handled.ts'
import { loadEngine } from './load-engine.ts'
import { openSession } from './session-view.ts'
import { tidyNowAndThen } from './tidy.ts'

type SessionStart = Extract<HookPayload, { event: 'SessionStart' }>

/** Leaves the live record, keeps the heartbeat, and gives the model back what compaction or a resume took from it. */
export async function onSessionStart(
  context: Context,
  payload: SessionStart,
  parentPid: number,
): Promise<HookAnswer> {
  if (payload.agentId !== null) return nothing
  const { env, clock } = context
  tidyNowAndThen(context)
  const session = await openSession(context, payload)
  const before = session.ok ? session.value.live : undefined
  const { leaveFormer, leaveLiveRecord, notHeld, strayRuns } = await loadEngine()
  const live = await leaveLiveRecord(context, payload, parentPid, before)
  if (live.ok) leaveFormer(context, live.value)
  const warning = live.ok
    ? unheldWarning(
        notHeld(context, payload.sessionId, live.value, 'SessionStart', payload.host),
        live.value,
        session.ok && session.value.open !== undefined,
      )
    : `autonomous-loop cannot vouch for this session: ${live.error.message}`
  if (!session.ok)
    return {
      kind: 'message',
      text: `autonomous-loop: this session's record does not hold: ${session.error.message}. Until that is repaired its stops end as failed closed; see autonomous-loop doctor.`,
    }
  const none = (): HookAnswer =>
    warning
      ? { kind: 'message', text: warning }
      : strayRuns(context, payload, live.ok ? live.value : undefined)
  if (!isHeldBy(session.value.state)) return none()

  const written = append(sessionPaths(env.home, payload.sessionId), clock, (state) =>
    ok(isHeldBy(state) ? [{ type: 'session', data: { source: payload.source, cwd: payload.cwd } }] : []),
  )
  const run = written.ok ? openRun(written.value.state) : session.value.open
  return run
    ? {
        kind: 'context',
        event: 'SessionStart',
        text: `${warning ? `${warning}\nTell the person this before anything else.\n` : ''}${continuityContext(run, cliWord(env.home))}`,
        ...(warning ? { systemMessage: warning } : {}),
      }
    : none()
}

/** Worth a word where a run is open or somebody may want one: in a repository that is set up. */
function unheldWarning(unheld: NotHeld | undefined, live: LiveRecord, isOpen: boolean): string | undefined {
  if (!unheld || (!isOpen && live.config === null)) return undefined
  const what = isOpen ? 'the open contract is NOT enforced here' : 'a contract would not be enforced here'
  return `autonomous-loop: ${what}: ${unheld.why}. Fix: ${unheld.fix}`
}
