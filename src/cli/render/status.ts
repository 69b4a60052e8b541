import type { SessionStatus, Status } from '../../control/status.ts'
import { ago } from './ago.ts'
import { type Doc, type Line, bad, columns, quiet, strong, warn } from './doc.ts'
import { stateSpan } from './run.ts'

/** `status` for a person: the open runs first to be seen, then what else there is. `now` in ms. */
export function statusDoc(status: Status, now: number): Doc {
  const { sessions, pending_requests: pending, archived_counts: archived, hygiene } = status
  return [
    [strong(status.repo_root)],
    ...(sessions.length === 0 ? [[quiet('  no runs')]] : []),
    ...sessions.flatMap((session) => ['', ...sessionLines(session, now)]),
    ...(pending.length === 0 ? [] : ['', 'Waiting for a session to show its token:']),
    ...pending.map(
      (one) => `  ${one.request_id.slice(0, 12)}  "${oneLine(one.objective)}", ${ago(one.created_at, now)}`,
    ),
    ...hygiene.unreadable.map((one): Line => [bad('unreadable: '), `${one.session}: ${one.reason}`]),
    ...(hygiene.stale_open.length === 0
      ? []
      : [
          [
            warn('silent for long: '),
            `${hygiene.stale_open.join(', ')} (autonomous-loop cleanup archives them)`,
          ],
        ]),
    ...(archived.sessions + archived.requests === 0
      ? []
      : ['', [quiet(`archived: ${archived.sessions} sessions, ${archived.requests} requests`)]]),
  ]
}

function sessionLines(one: SessionStatus, now: number): Line[] {
  const rows: Line[] = [
    [
      quiet('stops'),
      `${one.iteration} of ${one.max_stop_iterations} blocked, last event ${ago(one.heartbeat_at, now)}`,
    ],
    [quiet('session'), `${one.session_id}${one.live ? ', Codex is running' : ''}`],
    [quiet('run'), `${one.run_id.slice(0, 12)}, armed by ${one.armed_by} (${one.activation_mode})`],
  ]
  if (one.cause !== null) rows.push([quiet('because'), oneLine(one.cause)])
  if (one.outstanding_task_ids.length > 0)
    rows.push([quiet('outstanding'), one.outstanding_task_ids.join(', ')])
  if (one.last_gate_failures.length > 0)
    rows.push([quiet('failing gates'), bad(one.last_gate_failures.join(', '))])
  if (one.sandbox === 'off') rows.push([quiet('gates'), warn('run without the sandbox')])
  if (one.baseline === 'agent-reported') rows.push([quiet('baseline'), warn('as the agent reported it')])
  return [['  ', stateSpan(one.state), '  ', oneLine(one.objective)], ...columns(rows, 4)]
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 120 ? `${line.slice(0, 119)}…` : line
}
