import { never } from '../../base/result.ts'
import { oneLine } from '../../base/text.ts'
import type { AttemptFailure } from '../../supervisor/record/events.ts'
import { failureWords } from '../../supervisor/effects/failure-words.ts'
import { findingWords } from '../../supervisor/effects/said-words.ts'
import { proposalWords } from '../../supervisor/effects/prompt.ts'
import type { RecordProblem } from '../../views/batch-report/problem.ts'
import type { BatchReport, Need, Verified } from '../../views/batch-report/shape.ts'
import type { Happening } from '../../views/batch-report/night.ts'
import type { Try } from '../../views/batch-report/tries.ts'
import { durationWords } from '../../views/events-view.ts'
import { localTime } from './events.ts'
import { parkWords } from './park-words.ts'

/*
 * The sentences of the morning page. Texts of agents stand in them at the end, shortened to one line; whoever shows them escapes all.
 */

/** Of a text that an agent or its program wrote. UTF-16 units. */
const MOST = 300
/** Of one among what a person has to do; all of it stands among the claims. */
const MOST_CLAIM = 120

export const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`

export const short = (hash: string): string => hash.slice(0, 12)

/** Who did it, and who read it. */
export function byWords({ agent, attempt, passed_by: readers }: Verified): string {
  return `${agent}, attempt ${attempt}${readers.length === 0 ? '' : `; read by ${readers.join(', ')}`}`
}

export function needWords(need: Need): string {
  switch (need.kind) {
    case 'record':
      return 'The record does not hold together.'
    case 'batch':
      return batchNeed(need)
    case 'agent':
      return `The agent ${need.agent} ${AGENT[need.why]}.${claimed(need.said, 'Its program claims')}`
    case 'item':
      return `${need.item} ${need.title}: it ${parkWords[need.code]} (${need.code}${need.proposal === null ? '' : `: ${proposalWords(need.proposal)}`}).${claimed(need.why, need.code === 'could-not-run' ? 'The machine says' : 'Its agent claims')}`
    case 'edited':
      return `${need.item} ${need.title}: its file is not as it was accepted.`
    case 'new-items':
      return `New in the backlog, and not in this batch: ${need.items.join(', ')}.`
    case 'land':
      return `${need.items.length === 0 ? 'What is done' : `${count(need.items.length, 'item')} that ${need.items.length === 1 ? 'is' : 'are'} done (${listed(need.items)})`} ${need.items.length > 1 ? 'are' : 'is'} not on ${need.target} yet.`
    case 'pull-request':
      return `What is done is in a ${need.draft ? 'draft of a pull request' : 'pull request'} into ${need.base}, and not merged as far as we know: ${need.url}`
    default:
      return never(need, 'need')
  }
}

const AGENT = {
  'signed-out': 'is not signed in',
  'model-unknown': 'has no such model',
  failures: 'failed too often in a row',
} as const

function batchNeed({ state, code, why, until }: Extract<Need, { kind: 'batch' }>): string {
  const reason = code === null ? '' : ` (${code})`
  const more = why === null ? '' : ` ${oneLine(why, MOST)}`
  if (state === 'suspended')
    return `The quota of its agents is used up${until === null ? '' : ` until ${localTimeOf(until)}`}, and the batch does not wait.`
  if (code === 'not-running' || code === 'crashed')
    return `Nobody is at it any more: its process ended without a word${reason}.${more}`
  if (state === 'active') return `What was asked for is used up, and there is more to do${reason}.`
  return `The batch is ${state}${reason}.${more}`
}

/** Words of an agent, marked as such. */
function claimed(text: string | null, who: string): string {
  return text === null || text.trim() === '' ? '' : ` ${who}: “${oneLine(text, MOST_CLAIM)}”`
}

export function listed(names: readonly string[], most = 8): string {
  const more = names.length - most
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ')
}

/** Of an ISO time, where the reader is. */
export const localTimeOf = (iso: string): string => localTime(Date.parse(iso))

export function problemWords(problem: RecordProblem, events: number): string {
  switch (problem.kind) {
    case 'batch-broken':
      return `The ledger of the batch breaks after event ${events}: ${problem.why}. What came after it is not in this report.`
    case 'batch-torn':
      return `The last write of the ledger was cut short (${problem.bytes} bytes). Nothing that was done is lost by that.`
    case 'missing':
      return `${problem.item}, attempt ${problem.attempt}: the record of its verdicts is gone.`
    case 'broken':
      return `${problem.item}, attempt ${problem.attempt}: the record of its verdicts breaks (${problem.why}).`
    case 'differs':
      return `${problem.item}, attempt ${problem.attempt}: the record does not hold the verdict that the batch rests on (${problem.why}).`
    default:
      return never(problem, 'problem of a record')
  }
}

/** Why it is in this state. */
export function stateWords({ code, why }: BatchReport): string {
  const because = [code, why === null ? null : oneLine(why, MOST)].filter((one) => one !== null).join(': ')
  return because === '' ? '' : ` (${because})`
}

/** `12 of 20 items verified, 2 parked`. */
export function tallyWords({ items, verified, totals, goal }: BatchReport): string {
  const { done: _, ...rest } = totals.items
  const states = Object.entries(rest).map(([state, number]) => `${number} ${state}`)
  const lead =
    goal === null
      ? `${verified.length} of ${count(items.length, 'item')} verified`
      : `${count(goal.iterations, 'iteration')}, ${goal.kept} of them verified`
  return [lead, ...states].join(', ')
}

export function costWords({ totals }: BatchReport): string {
  return [
    count(totals.attempts, 'attempt'),
    count(totals.turns, 'turn'),
    ...(totals.tokens === null ? [] : [`${figure(totals.tokens)} tokens`]),
    `agents at work ${durationWords(totals.working_ms)}`,
    `judging ${durationWords(totals.judging_ms + totals.checking_ms)}`,
    `from beginning to end ${durationWords(totals.wall_ms)}`,
  ].join(', ')
}

export const figure = (number: number): string => number.toLocaleString('en')

export const tokens = (number: number | null): string => (number === null ? '–' : figure(number))

/** How an attempt ended, what stood in its way, and what its program said. Each a sentence. */
export function tryWords(one: Try): readonly string[] {
  const ending =
    one.ended === 'integrated'
      ? 'Its work is in the head.'
      : one.failure === null
        ? 'It is not over.'
        : `${capital(endingWords(one.failure))}.${one.counted ? '' : ' Not counted.'}`
  return [
    ending,
    ...one.because,
    ...(one.because.length > 0 || one.blockers.length === 0
      ? []
      : [`In its way last: ${[...one.blockers, ...one.red].join(', ')}.`]),
    ...(one.findings.length === 0 ? [] : [`In its way last: ${listed(one.findings.map(findingWords))}.`]),
    ...(one.conflict.length === 0 ? [] : [`In conflict: ${listed(one.conflict)}.`]),
    ...(one.said === null || one.said === '' ? [] : [`Its program claims: “${oneLine(one.said, MOST)}”`]),
  ]
}

/** A parked one in the words for its code; what its agent said of that stands among the claims. */
function endingWords(failure: AttemptFailure): string {
  return failure.kind === 'parked' ? `it ${parkWords[failure.code]} (${failure.code})` : failureWords(failure)
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

export function happeningWords(one: Happening): string {
  switch (one.kind) {
    case 'opened':
      return `opened with ${count(one.items, 'item')} at ${short(one.base)}`
    case 'began':
      return one.after === 'opened'
        ? `work began (version ${one.version})`
        : one.after === 'killed'
          ? `a process went on with it (version ${one.version})`
          : `a process went on with it after it was ${one.after} (version ${one.version})`
    case 'killed':
      return `its process ended without a word${one.in_work.length === 0 ? '' : `, with ${listed(one.in_work.map(({ item, attempt }) => `${item} (attempt ${attempt})`))} in work`}`
    case 'rested':
      return `the batch was ${one.state}${one.code === null ? '' : ` (${one.code}${one.why === null ? '' : `: ${oneLine(one.why, MOST)}`})`}${one.until === null ? '' : ` until ${localTimeOf(one.until)}`}`
    case 'halted':
      return `halted (${one.code}${one.why === null ? '' : `: ${oneLine(one.why, MOST)}`})`
    case 'suspended':
      return `${one.agent ?? 'everything'} waited until ${localTimeOf(one.until)}: ${SUSPENDED[one.why] ?? oneLine(one.why, MOST)}${one.times > 1 ? `, ${one.times} times in a row` : ''}${one.resumed === null ? '' : `; went on at ${localTimeOf(one.resumed)}`}`
    case 'config-amended':
      return 'another config was accepted, and everything open is judged by it'
    case 'adopted':
      return `the repository was moved to ${one.top}`
    case 'checked': {
      const stuck = one.could_not_run.map((name) =>
        one.why_not[name]
          ? `${name} could not run (${oneLine(one.why_not[name], MOST)})`
          : `${name} could not run`,
      )
      const red = [...one.red.map((name) => `${name} failed`), ...stuck]
      return `${one.what} ${short(one.commit)}: ${red.length === 0 ? 'every gate passed' : listed(red)}`
    }
    case 'done':
      return `${one.item}: verified, in the head as ${short(one.commit)} (attempt ${one.attempt})`
    case 'failed':
      return `${one.item}: attempt ${one.attempt} failed: ${failureWords(one.failure)}${one.counted ? '' : ' (not counted)'}`
    case 'turn-failed':
      return `${one.item}: ${one.agent} ended its turn without an answer: ${one.outcome} (attempt ${one.attempt})`
    case 'agent-changed':
      return `${one.item}: ${one.agent} went on with attempt ${one.attempt}`
    case 'parked':
      return `${one.item}: parked, it ${parkWords[one.code]} (${one.code})`
    case 'dropped':
      return `${listed(one.items)}: dropped`
    case 'retried':
      return `${one.item}: given fresh limits`
    case 'reopened':
      return `${one.item}: opened again, although it was done`
    case 'accepted':
      return `${one.item}: its text was accepted`
    case 'rejected':
      return `${one.item}: its new text was rejected`
    case 'edited':
      return `${one.item}: its file was edited after it was done`
    case 'proposal-settled':
      return `${one.item}: what its agent proposed was ${one.accepted ? 'accepted' : 'refused'}`
    case 'taken':
      return `your commit ${short(one.theirs)} came into the head`
    case 'landed': {
      const to = one.remote === null ? one.target : `${one.target} of ${one.remote}`
      return one.joined
        ? `landed on ${to}, which had moved meanwhile: both were joined and judged, as ${short(one.commit)}`
        : `landed on ${to} as ${short(one.commit)}`
    }
    case 'pull-request':
      return `${one.draft ? 'a draft' : 'a'} pull request to ${one.base} holds ${short(one.commit)}: ${one.url}`
    case 'published':
      return `published as ${one.branch} at ${short(one.commit)}`
    case 'repaired':
      return `the last write before was cut short (${one.bytes} bytes), and the ledger says so`
    default:
      return never(one, 'happening')
  }
}

const SUSPENDED: Readonly<Record<string, string>> = {
  quota: 'its quota was used up',
  overloaded: 'its service was overloaded',
  network: 'its service could not be reached',
  'in-use': 'somebody else had its conversation open',
  'could-not-run': 'gates could not run on this machine',
}
