import { shellWord } from '../base/shell-word.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { detectSession } from '../codex/session.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import { listMarkers } from '../ledger/markers.ts'
import type { Context } from '../records/context.ts'

/**
 * The session a request without `--session-id` means: the caller's own, when it has a run; else the repository's only
 * open run. Codes: no-run, run-ambiguous (`data.choices`).
 */
export function resolveSession(context: Context, cwd: string, sessionId: string | null): Result<string> {
  if (sessionId) return ok(sessionId)
  const { env } = context
  const markers = listMarkers(env.home)
  const own = detectSession(env.vars)
  if (own && markers.some((marker) => marker.activation.origin.sessionId === own.sessionId))
    return ok(own.sessionId)
  const root = findRepoRoot(cwd)
  const here = markers.filter((marker) => marker.activation.repoRoot === root)
  const [only] = here
  if (!only)
    return fail('no-run', `${root} has no open run`, {
      fix: `autonomous-loop status --cwd ${shellWord(root)}`,
    })
  if (here.length > 1)
    return fail(
      'run-ambiguous',
      `${root} has ${here.length} open runs: ${here.map((m) => `${m.activation.origin.sessionId} "${m.activation.contract.objective}"`).join('; ')}`,
      {
        fix: 'name one with --session-id',
        data: { choices: here.map((marker) => marker.activation.origin.sessionId) },
      },
    )
  return ok(only.activation.origin.sessionId)
}
