import { oneLine } from '../../base/text.ts'
import type { SessionStatus } from '../../views/session-status.ts'
import type { Status } from '../../views/status.ts'
import { verdictWords } from '../../views/events-view.ts'
import { ago } from './ago.ts'
import { type Doc, type Line, bad, columns, indented, quiet, strong, warn } from './doc.ts'
import { stateSpan } from './run.ts'
import { gatesWords, judgingWords } from './status-gates.ts'
import { scopeRows } from './scope.ts'
import { verifiedWords } from './verified.ts'
import { rungs } from '../../gates/types.ts'
import { heldWords, mixedWords, notSealed, rungWords } from '../../verdict/words/place.ts'
import { protectsNothingWords } from '../../verdict/words/protects-nothing.ts'
import { unmatchedCopies } from '../../verdict/words/copies.ts'
import { unnoticedWords } from '../../verdict/words/unnoticed.ts'

/** Of what others wrote, on one line. Characters. */
const MOST = 120

/** `status` for a person: the open runs in full, the newest closed one too, the others in a line. `now` in ms. */
export function statusDoc(status: Status, now: number, all = false): Doc {
  const { sessions, pending_requests: pending, archived_counts: archived, hygiene } = status
  const inFull = sessions.filter((one, index) => index === 0 || isOpen(one))
  const before = sessions.filter((one) => !inFull.includes(one))
  const nothing = sessions.length + pending.length + status.spooled_requests.length === 0
  return [
    [strong(all ? 'All repositories' : status.repo_root)],
    ...(all || status.set_up.ready ? [] : notSetUp(status.set_up)),
    ...unheld(status),
    ...(nothing ? [[quiet(`  no runs${all || status.set_up.ready ? howToStart : ''}`)]] : []),
    ...inFull.flatMap((session) => ['', ...sessionLines(session, now, all)]),
    ...(before.length === 0 ? [] : ['', 'Before that:']),
    ...columns(
      before
        .slice(0, maxBefore)
        .map((one): Line => [
          quiet(one.run_id.slice(0, 12)),
          stateSpan(one.state),
          quiet(ago(one.state_since, now)),
          firstLine(one.objective),
        ]),
      2,
    ),
    ...(before.length > maxBefore
      ? [[quiet(`  and ${before.length - maxBefore} more: --json lists them`)]]
      : []),
    ...waiting(
      'Left by an agent, taken in at its next hook:',
      status.spooled_requests.map((one): Line => [
        `${one.action} in session ${one.session_id}`,
        `"${oneLine(one.objective, MOST)}"`,
        quiet(ago(one.created_at, now)),
      ]),
    ),
    ...waiting(
      'Waiting for a session to show its token:',
      pending.map((one): Line => [
        one.request_id.slice(0, 12),
        `"${oneLine(one.objective, MOST)}"`,
        quiet(ago(one.created_at, now)),
      ]),
    ),
    ...hygiene.unreadable.map((one): Line => [bad('unreadable: '), `${one.session}: ${one.reason}`]),
    ...(hygiene.stale_open.length === 0
      ? []
      : [
          '',
          [
            warn('silent for long: '),
            `${hygiene.stale_open.join(', ')} (autonomous-loop cleanup --apply archives them)`,
          ],
        ]),
    ...(archived.sessions + archived.requests === 0
      ? []
      : ['', [quiet(`archived: ${archived.sessions} sessions, ${archived.requests} requests`)]]),
  ]
}

const howToStart = '; a person starts one in Codex with: $autonomous-loop <what is to be done>'

function notSetUp({ code, reason, fix }: Status['set_up']): Line[] {
  const what =
    code === 'machine-missing'
      ? 'not set up on this machine'
      : code === 'config-missing'
        ? 'not set up here'
        : (reason ?? 'not set up')
  return [['  ', warn(what), ...(fix === null ? [] : [': ', strong(fix)])]]
}

function unheld({ stop_hook: hook, unheld_sessions: sessions }: Status): Line[] {
  const rows: Line[] = []
  if (hook !== null && !hook.runs)
    rows.push(['  ', bad(`Codex does not run our Stop hook: ${hook.reason}`), `; ${hook.fix}`])
  if (sessions.length > 0)
    rows.push([
      '  ',
      bad('not held: '),
      `${sessions.join(', ')} began while Codex did not run our Stop hook: start it again (codex resume <id>)`,
    ])
  return rows
}

const maxBefore = 10
const maxChanges = 6

function waiting(title: string, rows: readonly Line[]): Doc {
  return rows.length === 0 ? [] : ['', title, ...columns(rows, 2)]
}

function isOpen(one: SessionStatus): boolean {
  return ['active', 'paused', 'parked', 'halted'].includes(one.state)
}

function sessionLines(one: SessionStatus, now: number, all: boolean): Line[] {
  const since = ago(one.state_since, now)
  const rows: Line[] = [
    [quiet('state'), `${one.meaning}${since === 'just now' ? '' : `, since ${since.replace(/ ago$/, '')}`}`],
    [quiet('stops'), `${one.iteration} of ${one.max_stop_iterations} blocked`],
  ]
  if (one.last_verdict_at !== null)
    rows.push([
      quiet('last verdict'),
      `${verdictWords[one.last_verdict ?? 'block']}, ${ago(one.last_verdict_at, now)}`,
    ])
  else if (isOpen(one)) rows.push([quiet('last verdict'), quiet('none yet')])
  if (one.judging !== null) rows.push([quiet('judging'), strong(judgingWords(one.judging, now))])
  if (one.unchecked_turn !== null)
    rows.push([quiet('last turn'), bad(`ended without a check: ${oneLine(one.unchecked_turn, 2 * MOST)}`)])
  if (one.release_note !== null) rows.push([quiet('release'), oneLine(one.release_note, 2 * MOST)])
  if (one.cause !== null) rows.push([quiet('because'), oneLine(one.cause, MOST)])
  if (isOpen(one) && one.outstanding_task_ids.length > 0)
    rows.push([quiet('outstanding'), one.outstanding_task_ids.join(', ')])
  if (isOpen(one) && one.last_gate_failures.length > 0)
    rows.push([quiet('failing gates'), bad(one.last_gate_failures.join(', '))])
  rows.push([quiet('gates run'), one.sandbox === 'off' ? warn('without the sandbox') : boxWords(one)])
  if (one.gates.length > 0) rows.push([quiet('last gates'), gatesWords(one.gates)])
  if (one.mixed.length > 0) rows.push([quiet('mixed'), warn(`${one.mixed.join(', ')} (${mixedWords})`)])
  const verified = verifiedWords(one.verified)
  if (verified !== null) rows.push([quiet('verified'), verified])
  rows.push(...scopeRows(one.scope))
  if (one.accepted.length > 0)
    rows.push([quiet('accepted'), warn(oneLine(`out of scope: ${one.accepted.join(', ')}`, MOST))])
  if (one.unproved.length > 0)
    rows.push([
      quiet('not proved'),
      warn(oneLine(`${one.unproved.join(', ')} (by the gates of the start)`, MOST)),
    ])
  if (one.unnoticed.length > 0)
    rows.push([quiet('gates notice'), warn(oneLine(unnoticedWords(one.unnoticed), MOST))])
  if (one.baseline === 'agent-reported') rows.push([quiet('baseline'), warn('as the agent reported it')])
  if (one.copy_unmatched.length > 0) rows.push([quiet('copy'), warn(unmatchedCopies(one.copy_unmatched))])
  if (one.protects_nothing.length > 0)
    rows.push([quiet('evidence'), warn(protectsNothingWords(one.protects_nothing, 'was'))])
  if (all) rows.push([quiet('repository'), one.repo_root])
  rows.push(
    [quiet('run'), `${one.run_id.slice(0, 12)}, armed by ${armedBy(one)}, ${ago(one.created_at, now)}`],
    [quiet('session'), `${one.session_id}${one.live ? ', Codex is running' : ''}`],
  )
  if (one.next !== null) rows.push([quiet('next'), strong(one.next)])
  return [
    ['  ', stateSpan(one.state), ...provisionalMark(one), '  ', firstLine(one.objective)],
    ...columns(rows, 4),
    ...differenceLines(one),
    ...outOfScopeLines(one),
  ]
}

function provisionalMark({ release }: SessionStatus): Line {
  return release === 'provisional' ? [quiet(' (provisional)')] : []
}

/** What is to be put back or accepted, with its signs. */
function differenceLines({ definition_changes: changes, run_id: id }: SessionStatus): Line[] {
  if (changes.length === 0) return []
  const more = changes.length - maxChanges
  return [
    [quiet('    what changed')],
    ...changes.slice(0, maxChanges).flatMap(({ text }) => indented(text, 6).map((line): Line => [line])),
    ...(more > 0 ? [[quiet(`      and ${more} more: autonomous-loop explain ${id.slice(0, 12)}`)]] : []),
  ]
}

function outOfScopeLines({ out_of_scope: out, amend_digest: digest, run_id: id }: SessionStatus): Line[] {
  if (out.length === 0) return []
  const more = out.length - maxChanges
  return [
    [quiet('    out of scope')],
    ...out.slice(0, maxChanges).map(({ text }): Line => [`      ${oneLine(text, MOST)}`]),
    ...(more > 0 ? [[quiet(`      and ${more} more`)]] : []),
    [
      quiet('      accept exactly this: '),
      strong(`autonomous-loop amend ${digest ?? ''} ${id.slice(0, 12)}`),
    ],
  ]
}

/** The lowest rung counts: what one gate could reach, the run could. */
function boxWords({ boxes }: SessionStatus): Line[number] {
  const lowest = rungs.findLast((rung) => boxes.some((one) => one.rung === rung))
  const box = boxes.find(({ rung }) => rung === lowest)
  if (box === undefined) return "in Codex's sandbox"
  const open = boxes.find((one) => one.seal?.kind === 'not-sealed')?.seal
  const sealed = open?.kind === 'not-sealed' ? `, ${notSealed}: ${oneLine(open.why, MOST)}` : ''
  const more = `${sealed}${heldWords(box.preflight)}`
  const words = `${rungWords(box.rung)}${more}`
  return box.rung === 'box' && more === '' ? words : warn(words)
}

/** Who armed it, as a person would say it. */
function armedBy({ armed_by: by, activation_mode: mode }: SessionStatus): string {
  if (by === 'prompt') return 'your prompt'
  if (by === 'terminal') return mode === 'claim-token' ? 'a terminal, claimed by its token' : 'a terminal'
  return mode === 'spooled' ? 'the agent, from inside its sandbox' : `the agent (${mode})`
}

/** A contract file's objective may be a page; its first line is the title. */
function firstLine(objective: string): string {
  return oneLine(objective.trim().split('\n')[0] ?? '', MOST)
}
