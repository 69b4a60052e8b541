import type { Context } from '../records/context.ts'
import { type StopRecord, sessionOf } from '../ledger/events.ts'
import type { RunState } from '../ledger/state.ts'
import { runningCodex, startErrand } from './errand.ts'

/**
 * Has the approved `notify` command run, if there is one, by a process that outlives this hook: the answer to Codex
 * does not wait for it.
 */
export function notify(context: Context, run: RunState, record: StopRecord): void {
  if (!run.activation.config?.notify) return
  const sessionId = sessionOf(run.activation)
  if (sessionId === null) return
  const codex = runningCodex(context, sessionId)
  startErrand(
    context,
    ['notify', '--session-id', sessionId, '--stop', String(record.stop)],
    codex ? { AUTOLOOP_CODEX: codex } : {},
  )
}
