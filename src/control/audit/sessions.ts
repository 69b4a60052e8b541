import { listSessions } from '../../ledger/sessions.ts'
import type { RunState } from '../../ledger/state.ts'
import { readSession } from '../../ledger/store.ts'
import type { Context } from '../context.ts'
import { auditSession } from './audit.ts'
import { stillThere } from './still-there.ts'
import type { SessionAudit } from './types.ts'

/** Audits several sessions, and whether what they were released for is still there. */
export async function auditSessions(
  context: Context,
  ids: readonly string[],
): Promise<readonly SessionAudit[]> {
  const audits: SessionAudit[] = []
  for (const id of ids) {
    const audit = auditSession(context, id)
    const undone = await Promise.all(
      lastReleases(context.env.home, id).map((run) => stillThere(context, run)),
    )
    audits.push({ ...audit, findings: [...audit.findings, ...undone.flat()] })
  }
  return audits
}

/**
 * The runs of a session that are the last to have ended in their repository, of all sessions: a later one's work may
 * rightly have replaced an earlier one's.
 */
function lastReleases(home: string, id: string): readonly RunState[] {
  const session = readSession(home, id)
  if (!session.ok) return []
  const all = listSessions(home).flatMap((one) => (one.session.ok ? one.session.value.state.runs : []))
  const endOf = (run: RunState): number => run.closed?.at ?? 0
  return session.value.state.runs.filter(
    (run) =>
      run.status === 'released' &&
      !all.some(
        (other) => other.activation.repoRoot === run.activation.repoRoot && endOf(other) > endOf(run),
      ),
  )
}
