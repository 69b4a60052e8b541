import { type Result, fail, ok } from '../../base/result.ts'
import { detectSession } from '../../codex/session.ts'
import { waitPrefix } from '../../control/claims.ts'
import type { Context } from '../../records/context.ts'
import { readLive } from '../../records/live.ts'
import { sessionNamed } from '../../control/named-run.ts'
import { resolveSession } from '../../control/resolve-session.ts'
import { defaultSpool, leaveRequest } from '../../control/spool.ts'
import { sealed } from '../../control/spooled-request.ts'
import { askToWait } from '../../control/wait.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { isWritable } from '../../ledger/home.ts'
import { settle } from '../../ledger/start.ts'
import { openRun } from '../../ledger/state.ts'
import { readSession } from '../../ledger/store.ts'
import { askerOf, channelOf } from '../asker.ts'
import { command, cwdFlag, sessionFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { done } from '../outcome.ts'
import { strong } from '../render/doc.ts'

const maxReason = 4_000

/** `request wait`: the agent asks for a person. Counts only with its token in the session's last message. */
export const requestWaitCommand = command({
  flags: {
    ...cwdFlag,
    ...sessionFlag,
    reason: { type: 'string', demandOption: true, describe: 'what the person is needed for' },
  },
  run: (args, { context }) => {
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const detected = detectSession(context.env.vars)
    // A spooled enable has left no marker yet, so the caller's own session is taken at its word.
    const named = args['session-id']
    const sessionId =
      named !== undefined
        ? sessionNamed(context, named)
        : detected
          ? ok(detected.sessionId)
          : resolveSession(context, cwd.value, null)
    if (!sessionId.ok) return sessionId
    const wish = {
      token: context.newId(),
      reason: args.reason.slice(0, maxReason),
    }
    const direct = isWritable(context.env.home)
    const asked = direct ? ask(context, sessionId.value, wish) : spool(context, sessionId.value, wish)
    if (!asked.ok) return asked
    const token = `${waitPrefix}${wish.token}`
    const next = 'put the token into your last message, say there what you need, and end the turn'
    return ok(
      done(
        {
          action: 'wait',
          request_id: asked.value,
          repo_root: findRepoRoot(cwd.value),
          activation_mode: direct ? 'direct-env' : 'spooled',
          session_id: sessionId.value,
          session_id_source: args['session-id'] ? 'argument' : (detected?.source ?? 'repository'),
          state: 'requested',
          wait_token: token,
          next,
        },
        () => [['Token: ', strong(token)], `Next: ${next}.`],
      ),
    )
  },
})

interface Wish {
  readonly token: string
  readonly reason: string
}

/** The id of the request. */
function ask(context: Context, sessionId: string, wish: Wish): Result<string> {
  const settled = settle(context.env.home, sessionId, context.clock)
  if (!settled.ok) return settled
  const written = { requestId: context.newId(), ...wish, by: channelOf(askerOf(context)) }
  const asked = askToWait(context, sessionId, written)
  return asked.ok ? ok(written.requestId) : asked
}

/** Inside Codex's sandbox the home is read-only; the next hook takes the wish in. */
function spool(context: Context, sessionId: string, wish: Wish): Result<string> {
  const { home, uid } = context.env
  const record = readSession(home, sessionId)
  if (!record.ok) return record
  const run = openRun(record.value.state)
  if (run && run.status !== 'active')
    return fail('run-not-active', `the run is ${run.status}; nothing is held`)
  const request = sealed({ v: 1, action: 'wait', sessionId, ...wish })
  const left = leaveRequest(readLive(home, sessionId)?.spool ?? defaultSpool(uid, sessionId), uid, request)
  return left.ok ? ok(request.requestId) : left
}
