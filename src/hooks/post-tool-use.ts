import { ok } from '../base/result.ts'
import type { HookAnswer, HookPayload } from '../codex/types.ts'
import type { Context } from '../records/context.ts'
import { isHeldBy, openRun, provisionalRun } from '../ledger/state.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { append } from '../ledger/store.ts'
import { nothing } from './handled.ts'
import { readPlan } from './read-plan.ts'
import { openSession } from './session-view.ts'

type PostToolUse = Extract<HookPayload, { event: 'PostToolUse' }>

/** Puts the plan into the ledger, because with current models the transcript does not hold it. A sub-agent's plan is its own. */
export async function onPostToolUse(context: Context, payload: PostToolUse): Promise<HookAnswer> {
  if (payload.agentId !== null) return nothing
  const session = await openSession(context, payload)
  if (!session.ok) return { kind: 'message', text: `autonomous-loop: ${session.error.message}` }
  if (!isHeldBy(session.value.state) || payload.toolName !== 'update_plan') return nothing
  const written = append(sessionPaths(context.env.home, payload.sessionId), context.clock, (state) => {
    const run = openRun(state) ?? provisionalRun(state)
    const data = run && readPlan(payload.toolInput, run.plan)
    return ok(data ? [{ type: 'plan', data }] : [])
  })
  return written.ok
    ? nothing
    : { kind: 'message', text: `autonomous-loop: the plan was not recorded: ${written.error.message}` }
}
