import { sessionOf } from '../../ledger/events.ts'
import { isOpen } from '../../verdict/standing.ts'
import { sessionPaths } from '../../ledger/paths.ts'
import { listSessions } from '../../ledger/sessions.ts'
import type { RunState } from '../../ledger/state.ts'
import type { Context } from '../../records/context.ts'
import { auditSession } from './audit.ts'
import { workStillThere } from './still-there.ts'
import type { SessionAudit } from './types.ts'

/** Audits several sessions, and whether what they were released for is still there. */
export async function auditSessions(
  context: Context,
  ids: readonly string[],
): Promise<readonly SessionAudit[]> {
  const all = listSessions(context.env.home).flatMap(({ session }) =>
    session.ok ? session.value.state.runs : [],
  )
  const audits: SessionAudit[] = []
  for (const id of ids) {
    const audit = auditSession(context, id)
    const undone = await Promise.all(
      lastReleases(all, id).map((run) =>
        workStillThere(context, sessionPaths(context.env.home, id).dir, run),
      ),
    )
    audits.push({ ...audit, findings: [...audit.findings, ...undone.flat()] })
  }
  return audits
}

/**
 * The runs of one session that are the last of all to have ended in their repository: a later one's work may rightly have
 * replaced an earlier one's.
 */
function lastReleases(all: readonly RunState[], id: string): readonly RunState[] {
  const endOf = (run: RunState): number => (isOpen(run) ? 0 : run.closed.at)
  return all.filter(
    (run) =>
      sessionOf(run.activation) === id &&
      run.status === 'released' &&
      !all.some(
        (other) => other.activation.repoRoot === run.activation.repoRoot && endOf(other) > endOf(run),
      ),
  )
}
