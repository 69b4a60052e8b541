import { oneLine } from '../../base/text.ts'
import type { Finding, SessionAudit } from '../../views/audit/types.ts'
import { type Doc, type Line, bad, columns, good, quiet, strong, warn } from './doc.ts'

/** Of what others wrote, on one line. Characters. */
const MOST = 400

/** `audit` for a person: per session what is on record, who did what to it, and at the end what does not add up. */
export function auditDoc(sessions: readonly SessionAudit[]): Doc {
  const findings = sessions.flatMap((session) => session.findings)
  const broken = findings.filter((one) => one.level === 'broken').length
  return [
    ...(sessions.length === 0 ? [[quiet('Nothing is on record here.')]] : []),
    ...sessions.flatMap((session) => [...sessionLines(session), '']),
    findings.length === 0
      ? [good('Everything adds up.')]
      : [
          bad(`${findings.length} ${findings.length === 1 ? 'thing does' : 'things do'} not add up`),
          broken === 0
            ? '; each may have an honest reason.'
            : `, ${broken} of which cannot come about by itself.`,
        ],
  ]
}

function sessionLines(session: SessionAudit): Line[] {
  const { ledger, blocks, transcripts } = session
  return [
    [strong(session.sessionId)],
    ...session.runs.map((run): Line => [`  ${run.state}  ${oneLine(run.objective, MOST)}`]),
    [
      quiet(
        `  ${ledger.events} records${ledger.archived ? ' in the archive' : ''}, head ${ledger.head.slice(0, 12) || 'none'}; ${blocks.confirmed} of ${blocks.recorded} blocks confirmed by ${transcripts.length} ${transcripts.length === 1 ? 'transcript' : 'transcripts'}`,
      ),
    ],
    ...columns(
      session.acts.map((act): Line => [
        quiet(time(act.at)),
        act.what,
        `by ${act.by}${act.reason ? `: ${oneLine(act.reason, MOST)}` : ''}`,
      ]),
      2,
    ),
    ...columns(session.findings.map(findingLine), 2),
  ]
}

function findingLine(one: Finding): Line {
  const mark = one.level === 'broken' ? bad('BROKEN') : warn('suspect')
  return [mark, one.code, `${oneLine(one.message, MOST)}${one.at === null ? '' : ` (${time(one.at)})`}`]
}

function time(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? 'unknown time' : date.toISOString()
}
