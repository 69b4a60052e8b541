import { type Result, never, ok } from '../base/result.ts'
import type { HookPayload } from '../codex/types.ts'
import { moveRelease, reopen } from '../control/reopen.ts'
import type { Settling } from '../control/settle-release.ts'
import { letGoUnseen } from '../ledger/settle.ts'
import type { ProvisionalRun } from '../ledger/state.ts'
import type { Context } from '../records/context.ts'
import { changedByOthers, openAgain } from '../verdict/words/release.ts'
import { loadEngine } from './load-engine.ts'
import { type StopIdentity, isAnswered } from './stop-event.ts'

/** A person waits for their prompt to reach the agent. */
export const promptLookMs = 1_000

/** What a handler knows of its event beside the payload. */
export interface Occasion {
  /** Of a Stop. */
  readonly stop?: StopIdentity
  /** The person lets the session go with this prompt. */
  readonly letsGo?: boolean
  /** Requests of the agent lie in the spool. */
  readonly spooled: boolean
  /** Ledger sequence when this caller began. */
  readonly seq: number
}

/**
 * What an event means for a release that is provisional. Comes before anything of the agent's is taken in, which might begin
 * another run.
 *
 *   stop: the released one, heard by another hook ─► nothing     a prompt came before it ─► look, final
 *         any other: the agent went on ─► the run is open again, and this stop is judged
 *   prompt ─► look, bounded to a second ─► final, or open again, or still provisional
 *   a request of the agent, before any prompt ─► open again
 *
 * Answers with what the person is to be told.
 */
export async function afterRelease(
  context: Context,
  payload: HookPayload,
  run: ProvisionalRun,
  { stop, letsGo, spooled, seq }: Occasion,
): Promise<Result<string | null>> {
  const { sessionId } = payload
  const goneOn = (by: 'stop' | 'request', turnId: string | null): Result<null> => {
    const opened = reopen(context, sessionId, run, { by, turnId, changes: null })
    return opened.ok ? ok(null) : opened
  }
  if (payload.event === 'UserPromptSubmit') {
    if (letsGo !== true)
      return settled(context, sessionId, run, {
        how: 'prompt',
        withinMs: promptLookMs,
        live: true,
        turnId: payload.turnId,
        write: true,
      })
    const final = moveRelease(context, sessionId, run, { type: 'finalised', data: letGoUnseen })
    return final.ok ? ok(null) : final
  }
  if (payload.event === 'Stop' && stop) {
    if (isAnswered(stop, run, seq)) return ok(null)
    return run.release.prompted
      ? settled(context, sessionId, run, {
          how: 'stop',
          withinMs: null,
          live: true,
          turnId: payload.turnId,
          write: true,
        })
      : goneOn('stop', payload.turnId)
  }
  return spooled && !run.release.prompted ? goneOn('request', null) : ok(null)
}

async function settled(
  context: Context,
  sessionId: string,
  run: ProvisionalRun,
  settling: Settling,
): Promise<Result<string | null>> {
  const { settleRelease } = await loadEngine()
  const done = await settleRelease(context, sessionId, run, settling)
  if (!done.ok) return done
  const { fate } = done.value
  switch (fate.kind) {
    case 'reopened':
      return ok(openAgain(run.runId, fate.changes))
    case 'final':
      // After a turn of theirs a person knows that things have changed.
      return ok(
        fate.look.changes && settling.how === 'prompt' ? changedByOthers(run.runId, fate.look.changes) : null,
      )
    case 'provisional':
      return ok(null)
    default:
      return never(fate, 'fate of a release')
  }
}
