import { type Result, fail, ok } from '../base/result.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { append } from '../ledger/store.ts'
import type { Context } from '../records/context.ts'
import { type PromptSession, givesWay, promptRequestId } from './prompt-session.ts'
import { type EnableParts, groundNow, start } from './enable.ts'

/**
 * Arms by the person's own prompt: the baseline is taken before the agent's first action. A run that the agent alone
 * had armed gives way: a trivial contract must not keep the person's away. It is closed only when the new one can start.
 * Codes: no-objective, run-open (`before` was armed by a person), and those of enable().
 */
export async function armByPrompt(
  context: Context,
  session: PromptSession,
  objective: string,
  before: RunState | undefined,
): Promise<Result<RunState>> {
  if (objective === '')
    return fail(
      'no-objective',
      'the prompt names no objective, so there is nothing to hold the work against',
      {
        fix: '$autonomous-loop <what is to be done>',
      },
    )
  const parts: EnableParts = {
    input: { objective, taskTexts: [], gateProfile: null, maxStopIterations: null },
    ...(session.host === undefined ? {} : { host: session.host }),
    sessionId: session.sessionId,
    root: findRepoRoot(session.cwd),
    mode: 'prompt',
    armedBy: 'prompt',
    requestId: promptRequestId(session, objective) ?? context.newId(),
  }
  const ground = await groundNow(context, parts.root, parts)
  if (!ground.ok) return ground
  if (before && givesWay(before)) {
    const closed = append(sessionPaths(context.env.home, session.sessionId), context.clock, (state) =>
      ok(
        openRun(state)?.runId === before.runId
          ? [{ type: 'closed', data: { how: 'disabled', by: 'prompt', reason: gaveWay } }]
          : [],
      ),
    )
    if (!closed.ok) return closed
  }
  return start(context, parts, ground.value)
}

const gaveWay = 'armed by the agent alone; the person armed a contract of their own'
