import { shellWord } from '../base/shell-word.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { detectSession } from '../codex/session.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import { isOpen } from '../verdict/standing.ts'
import { openMarkers } from '../ledger/held.ts'
import type { Context } from '../records/context.ts'
import { runsInPlace } from './known-runs.ts'
import { ambiguousRuns, findNamed } from './named-run.ts'

/**
 * The session a request means: the one that an id of a run or a session names; without an id the caller's own, when it
 * has a run, else that of the repository's only open run. Codes: no-run, run-ambiguous.
 */
export function resolveSession(context: Context, cwd: string, id: string | null): Result<string> {
  if (id !== null) {
    const named = findNamed(context, id)
    if (!named.ok) return named
    if (named.value.kind === 'run' && !isOpen(named.value.run.run)) return closed(named.value.run.run)
    return ok(named.value.sessionId)
  }
  const { env } = context
  const markers = openMarkers(env.home)
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
  if (here.length === 1) return ok(only.activation.origin.sessionId)
  const runs = runsInPlace(env.home).filter(({ run }) =>
    here.some(({ activation }) => activation.runId === run.runId && isOpen(run)),
  )
  return ambiguousRuns(`${root} has ${here.length} open runs`, runs)
}

/** Its session may have another open run by now; that one was not meant. */
function closed(run: { readonly runId: string; readonly status: string }): Result<never> {
  const id = run.runId.slice(0, 12)
  return fail('no-run', `run ${id} is ${run.status}, so there is nothing to change any more`, {
    fix: `autonomous-loop status ${id}`,
  })
}
