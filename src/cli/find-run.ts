import { type Result, fail, ok } from '../base/result.ts'
import { detectSession } from '../codex/session.ts'
import type { Context } from '../records/context.ts'
import { readLive } from '../records/live.ts'
import { resolveSession } from '../control/resolve-session.ts'
import { defaultSpool, readSpool } from '../control/spool.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import { isWritable } from '../ledger/home.ts'
import { settle } from '../ledger/start.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { readSession } from '../ledger/store.ts'
import { directoryOf } from './directory.ts'
import { type RunArgs, idIn } from './which-run.ts'

export interface FoundRun {
  readonly sessionId: string
  readonly sessionIdSource: string
  /** Root of the directory the caller named, not of the run: what `repo_root` always meant. */
  readonly repoRoot: string
  readonly run: RunState
}

/** The open run a request means. Codes: no-such-directory, no-run, run-ambiguous, and those of a record that does not hold. */
export function findRun(context: Context, asked: RunArgs): Result<FoundRun> {
  const cwd = directoryOf(context.env, asked.cwd)
  if (!cwd.ok) return cwd
  const id = idIn(asked)
  const session = resolveSession(context, cwd.value, id ?? null)
  if (!session.ok) return waiting(context, id) ?? session
  const sessionId = session.value
  if (isWritable(context.env.home)) {
    const settled = settle(context.env.home, sessionId, context.clock)
    if (!settled.ok) return settled
  }
  const record = readSession(context.env.home, sessionId)
  if (!record.ok) return record
  const run = openRun(record.value.state)
  if (!run)
    return (
      waiting(context, sessionId) ??
      fail('no-run', `session ${sessionId} has no open run`, {
        fix: `autonomous-loop status ${sessionId}`,
      })
    )
  return ok({
    sessionId,
    sessionIdSource: sourceOf(context, id, sessionId),
    repoRoot: findRepoRoot(cwd.value),
    run,
  })
}

/** A request that was left in the sandbox and that no hook has taken in yet is no run, and yet more than nothing. */
function waiting(context: Context, asked: string | undefined): Result<never> | undefined {
  const { home, uid, vars } = context.env
  const sessionId = asked ?? detectSession(vars)?.sessionId
  if (sessionId === undefined) return undefined
  const spool = readLive(home, sessionId)?.spool ?? defaultSpool(uid, sessionId)
  if (readSpool(spool, uid).length === 0) return undefined
  return fail('run-requested', 'the request of this session is left and waits for the next hook', {
    fix: 'go on with the work; it is taken in at the end of the turn at the latest',
  })
}

function sourceOf(context: Context, asked: string | undefined, sessionId: string): string {
  if (asked !== undefined) return 'argument'
  const detected = detectSession(context.env.vars)
  return detected?.sessionId === sessionId ? detected.source : 'repository'
}
