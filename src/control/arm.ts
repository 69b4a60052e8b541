import { sha256 } from '../base/hash.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { append } from '../ledger/store.ts'
import type { Context } from '../records/context.ts'
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
    sessionId: session.sessionId,
    root: findRepoRoot(session.cwd),
    mode: 'prompt',
    armedBy: 'prompt',
    requestId: promptRequestId(session, objective) ?? context.newId(),
  }
  const ground = await groundNow(context, parts.root, parts)
  if (!ground.ok) return ground
  if (before && givesWay(before)) {
    const closed = append(context.env.home, session.sessionId, context.clock, (state) =>
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

export interface PromptSession {
  readonly sessionId: string
  readonly cwd: string
  readonly turnId: string | null
}

/** The same for every hook that hears of one prompt (a project's and the user's own); null where Codex names no turn. */
export function promptRequestId({ sessionId, turnId }: PromptSession, objective: string): string | null {
  return turnId === null ? null : sha256(`${sessionId}\0${turnId}\0${objective}`).slice(0, 32)
}

const gaveWay = 'armed by the agent alone; the person armed a contract of their own'

/** Whether a person's `$autonomous-loop …` replaces this run instead of being refused. */
export function givesWay(run: RunState): boolean {
  return run.activation.armedBy === 'agent'
}
