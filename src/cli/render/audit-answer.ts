import type { BatchAudit } from '../../views/audit/batch/types.ts'
import type { SessionAudit } from '../../views/audit/types.ts'

/** One session of `audit` for machines. */
export function sessionAuditAnswer(session: SessionAudit): object {
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

/** One batch of it. */
export function batchAuditAnswer(audited: BatchAudit): object {
  const { batch, top, ledger, items, looked, removedLogs, findings } = audited
  return {
    batch,
    ok: findings.length === 0,
    top,
    ledger_events: ledger.events,
    ledger_head: ledger.head,
    items: items.all,
    done: items.done,
    verdicts: looked.verdicts,
    commits: looked.commits,
    refs: looked.refs,
    files: looked.files,
    removed_logs: removedLogs,
    findings: findings.map((one) => ({ ...one, at: one.at === null ? null : iso(one.at) })),
  }
}

function iso(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString()
}
