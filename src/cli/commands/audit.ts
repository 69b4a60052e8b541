import { fail, ok } from '../../base/result.ts'
import { sessionsOf } from '../../views/audit/audit.ts'
import { isOnRecord } from '../../views/audit/place.ts'
import { auditSessions } from '../../views/audit/sessions.ts'
import type { SessionAudit } from '../../views/audit/types.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { command, cwdFlag, sessionFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { auditDoc } from '../render/audit.ts'

/**
 * `audit`: whether the record of a session, or of every session of a repository, adds up. Exit status 1 when something
 * does not. Code: no-run (nobody knows the session that was named).
 */
export const audit = command({
  flags: { ...cwdFlag, ...sessionFlag },
  run: async (args, { context }) => {
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const asked = args['session-id']
    if (asked !== undefined && !isOnRecord(context, asked))
      return fail('no-run', `nothing is on record about a session ${asked}, neither here nor at Codex`, {
        fix: 'autonomous-loop status --all',
      })
    const ids = asked === undefined ? sessionsOf(context, cwd.value) : [asked]
    const sessions = await auditSessions(context, ids)
    const clean = sessions.every((session) => session.findings.length === 0)
    return ok({
      code: clean ? 0 : 1,
      data: { ok: clean, repo_root: findRepoRoot(cwd.value), sessions: sessions.map(sessionAnswer) },
      text: () => auditDoc(sessions),
    })
  },
})

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
