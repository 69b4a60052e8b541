import { type Result, fail, ok } from '../../base/result.ts'
import { findNamed } from '../../control/named-run.ts'
import type { Context } from '../../records/context.ts'
import { sessionsOf } from '../../views/audit/audit.ts'
import { isOnRecord } from '../../views/audit/place.ts'
import { auditSessions } from '../../views/audit/sessions.ts'
import type { SessionAudit } from '../../views/audit/types.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { command } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { auditDoc } from '../render/audit.ts'
import { idIn, idTwice, whichRun } from '../which-run.ts'

/**
 * `audit`: whether the record of a session, or of every session of a repository, adds up. Exit status 1 when something
 * does not. Code: no-run (nobody knows the session that was named).
 */
export const audit = command({
  ...whichRun,
  usage: idTwice,
  run: async (args, { context }) => {
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const id = idIn(args)
    const named = id === undefined ? ok(undefined) : sessionOf(context, id)
    if (!named.ok) return named
    const ids = named.value === undefined ? sessionsOf(context, cwd.value) : [named.value]
    const sessions = await auditSessions(context, ids)
    const clean = sessions.every((session) => session.findings.length === 0)
    return ok({
      code: clean ? 0 : 1,
      data: { ok: clean, repo_root: findRepoRoot(cwd.value), sessions: sessions.map(sessionAnswer) },
      text: () => auditDoc(sessions),
    })
  },
})

/** Where no ledger knows the id, Codex's own transcripts may: a record that was taken away is what an audit looks for. */
function sessionOf(context: Context, id: string): Result<string> {
  const named = findNamed(context, id)
  if (named.ok) return ok(named.value.sessionId)
  if (named.error.code === 'run-ambiguous') return named
  return isOnRecord(context, id)
    ? ok(id)
    : fail('no-run', `nothing is on record about "${id}", neither here nor at Codex`, {
        fix: 'autonomous-loop status --all',
      })
}

function sessionAnswer(session: SessionAudit): object {
  return {
    session_id: session.sessionId,
    ledger_events: session.ledger.events,
    ledger_head: session.ledger.head,
    archived: session.ledger.archived,
    runs: session.runs.map((run) => ({ run_id: run.runId, objective: run.objective, state: run.state })),
    transcripts: session.transcripts,
    blocks_recorded: session.blocks.recorded,
    blocks_confirmed: session.blocks.confirmed,
    acts: session.acts.map((act) => ({ ...act, at: iso(act.at) })),
    findings: session.findings.map((one) => ({ ...one, at: one.at === null ? null : iso(one.at) })),
  }
}

function iso(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString()
}
