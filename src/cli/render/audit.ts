import { oneLine, visible } from '../../base/text.ts'
import type { BatchAudit } from '../../views/audit/batch/types.ts'
import type { Finding, SessionAudit } from '../../views/audit/types.ts'
import { type Doc, type Line, type Span, bad, columns, good, quiet, strong, warn } from './doc.ts'

/** Of what others wrote, on one line. Characters. */
const MOST = 400

/** `audit` for a person: per session and batch what is on record, who did what to it, and at the end what does not add up. */
export function auditDoc(sessions: readonly SessionAudit[], batches: readonly BatchAudit[] = []): Doc {
  return [
    ...(sessions.length + batches.length === 0 ? [[quiet('Nothing is on record here.')]] : []),
    ...sessions.flatMap((session) => [...sessionLines(session), '']),
    ...batches.flatMap((batch) => [...batchLines(batch), '']),
    sumLine([...sessions, ...batches].flatMap((one): readonly Finding[] => one.findings)),
  ]
}

/** One batch for a person. */
export function batchAuditDoc(batch: BatchAudit): Doc {
  return [...batchLines(batch), '', sumLine(batch.findings)]
}

function sumLine(findings: readonly Finding[]): Line {
  const broken = findings.filter((one) => one.level === 'broken').length
  return findings.length === 0
    ? [good('Everything adds up.')]
    : [
        bad(`${findings.length} ${findings.length === 1 ? 'thing does' : 'things do'} not add up`),
        broken === 0
          ? '; each may have an honest reason.'
          : `, ${broken} of which cannot come about by itself.`,
      ]
}

function batchLines({ batch, ledger, items, looked, removedLogs, findings }: BatchAudit): Doc {
  return [
    [strong(`Batch ${batch}`), `  ${items.done} of ${items.all} items done`],
    [
      quiet(
        `  ${ledger.events} records, head ${ledger.head.slice(0, 12) || 'none'}; held against ${looked.verdicts} verdicts of the engine, ${looked.commits} commits, ${looked.refs} refs and ${looked.files} files`,
      ),
    ],
    ...(removedLogs === 0 ? [] : [[quiet(`  the logs of ${removedLogs} attempts were removed by clean`)]]),
    ...findings.flatMap((one): Doc => [
      ['  ', markOf(one), `  ${one.code}  ${oneLine(one.message, MOST)}`],
      [quiet('    where: '), visible(one.where)],
      [quiet('    do:    '), one.todo],
    ]),
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
  return [
    markOf(one),
    one.code,
    `${oneLine(one.message, MOST)}${one.at === null ? '' : ` (${time(one.at)})`}`,
  ]
}

const markOf = ({ level }: Finding): Span => (level === 'broken' ? bad('BROKEN') : warn('suspect'))

function time(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? 'unknown time' : date.toISOString()
}
