import { type Result, fail, never, ok } from '../base/result.ts'
import type { Channel, NewEvent } from '../ledger/events.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { append, readSession } from '../ledger/store.ts'
import { restoreMarker } from '../ledger/start.ts'
import type { Context } from '../records/context.ts'

export type RunAction = 'pause' | 'resume' | 'disable' | 'release'

/**
 * Carries out what loosens a run. Who may ask is decided before (who.ts). Never waits for a judging hook: the append
 * lock is held only for the write, so a person's word always gets through. Codes: no-run, already-so.
 */
export function act(
  context: Context,
  sessionId: string,
  action: RunAction,
  by: Channel,
  reason: string | null,
): Result<RunState> {
  const { home } = context.env
  const decide = (run: RunState): Result<readonly NewEvent[]> => {
    switch (action) {
      case 'pause':
        return run.status === 'paused'
          ? fail('already-so', 'the run is paused already')
          : ok([{ type: 'paused', data: { by, reason } }])
      case 'resume':
        return run.status === 'active'
          ? fail('already-so', 'the run is active already')
          : ok([{ type: 'resumed', data: { by, reason } }])
      case 'disable':
        return ok([{ type: 'closed', data: { how: 'disabled', by, reason } }])
      case 'release':
        return ok([{ type: 'closed', data: { how: 'waived', by, reason } }])
      default:
        return never(action, 'action')
    }
  }
  if (action === 'resume') {
    // An open run whose marker was lost is held again by a person's word, whatever its state.
    const restored = restoreMarker(home, sessionId)
    if (!restored.ok) return restored
    const session = restored.value ? readSession(home, sessionId) : undefined
    const run = session?.ok ? openRun(session.value.state) : undefined
    if (run?.status === 'active') return ok(run)
  }
  const written = append(sessionPaths(home, sessionId), context.clock, (state) => {
    const run = openRun(state)
    return run
      ? decide(run)
      : fail('no-run', 'this session has no open run', { fix: 'autonomous-loop status' })
  })
  if (!written.ok) return written
  const run = written.value.state.runs.at(-1)
  if (!run) return fail('no-run', 'this session has no run')
  return ok(run)
}
