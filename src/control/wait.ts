import { type Result, fail, ok } from '../base/result.ts'
import type { Channel } from '../ledger/events.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { append } from '../ledger/store.ts'
import type { Sha256 } from '../base/hash.ts'
import { tokensIn, waitPrefix } from './claims.ts'
import type { Context } from '../records/context.ts'

/** Records the agent's wish to wait; whether it is granted is judged at the next stop. Codes: no-run, run-not-active. */
export function askToWait(
  context: Context,
  sessionId: string,
  wish: { readonly reason: string; readonly token: string; readonly by: Channel },
): Result<RunState> {
  const written = append(sessionPaths(context.env.home, sessionId), context.clock, (state) => {
    const run = openRun(state)
    if (!run) return fail('no-run', 'this session has no open run, so there is nothing to wait for')
    if (run.status !== 'active') return fail('run-not-active', `the run is ${run.status}; nothing is held`)
    return ok([{ type: 'wait', data: wish }])
  })
  if (!written.ok) return written
  const run = openRun(written.value.state)
  return run ? ok(run) : fail('no-run', 'the run was closed meanwhile')
}

/**
 * The wish that counts at this stop: its token stands in the last message, and the agent has not waited already with
 * this very workspace since the person's last prompt (asking again and again must not become a way out).
 */
export function grantedWait(
  run: RunState,
  message: string | null,
  workspace: Sha256,
): { reason: string } | null {
  if (!run.wait || run.waitedAt.includes(workspace)) return null
  return tokensIn(message, waitPrefix).includes(run.wait.token) ? { reason: run.wait.reason } : null
}
