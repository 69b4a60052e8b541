import { type Result, fail } from '../base/result.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import type { RunState } from '../ledger/state.ts'
import type { Context } from './context.ts'
import { enable } from './enable.ts'

/**
 * Arms by the person's own prompt: the baseline is taken before the agent's first action.
 * Codes: no-objective, and those of enable().
 */
export async function armByPrompt(
  context: Context,
  session: { readonly sessionId: string; readonly cwd: string },
  objective: string,
): Promise<Result<RunState>> {
  if (objective === '')
    return fail(
      'no-objective',
      'the prompt names no objective, so there is nothing to hold the work against',
      {
        fix: '$autonomous-loop <what is to be done>',
      },
    )
  return enable(
    context,
    {
      input: { objective, taskTexts: [], gateProfile: null, maxStopIterations: null },
      sessionId: session.sessionId,
      root: findRepoRoot(session.cwd),
      mode: 'prompt',
      armedBy: 'prompt',
      requestId: context.newId(),
    },
    undefined,
  )
}
