import { oneLine, withoutControls } from '../../base/text.ts'
import { never } from '../../base/result.ts'
import type {
  BatchEvent,
  BatchEventData,
  BatchEventType,
  FrozenItem,
  Rest,
} from '../../supervisor/record/events.ts'
import { isPass } from '../../supervisor/record/review.ts'
import { failureWords } from '../../supervisor/effects/failure-words.ts'
import type { EventView, Weight } from '../../views/events-view.ts'
import { clock } from './clock.ts'

/**
 * One event for a person who watches, with the time of day; null for those that are steps of something that is told of anyway. Names of
 * files and reasons are an agent's: terminal controls in them do nothing.
 */
export function batchEventLine(event: BatchEvent): string | null {
  return isStep(event)
    ? null
    : `${new Date(event.at).toTimeString().slice(0, 8)}  ${batchEventView(event).text}`
}

/** The same for a look back, where nothing is left out. */
export function batchEventView(event: BatchEvent): Omit<EventView, 'type'> & Pick<BatchEvent, 'type'> {
  const { seq, at, type } = event
  return { seq, at, type, text: oneLine(withoutControls(wordsOf(event)), 200), weight: weightOf(event) }
}

/** What a reviewer claims, and how much of it can be found in the files. */
function reviewWords({ outcome }: Pick<BatchEventData['reviewed' | 'plan-reviewed'], 'outcome'>): string {
  if (outcome.kind !== 'finished') return `gave no verdict: ${outcome.kind}`
  const { verdict, findings } = outcome.answer
  const fallen = findings.filter((one) => !one.stands).length
  const said = findings.length === 0 ? '' : `, ${count(findings.length, 'finding')}`
  return `says ${verdict}${said}${fallen === 0 ? '' : `, ${fallen} of them not to be found in the files`}`
}

function plannedWords({ outcome, touched }: BatchEventData['planned']): string {
  if (touched !== undefined) return `was to plan, and changed ${touched.join(', ')}`
  return outcome.kind === 'finished' ? 'made a plan' : `gave no plan: ${outcome.kind}`
}

const STEPS: ReadonlySet<BatchEventType> = new Set([
  'started',
  'taking',
  'worktree-ready',
  'conversation',
  'candidate',
  'plan-begun',
  'plan-review-begun',
  'review-begun',
  'integrating',
  'attempt-ending',
  'late',
  'repaired',
])

function isStep(event: BatchEvent): boolean {
  if (event.type === 'looked') return !event.data.isMet
  if (event.type === 'turn-ended')
    return event.data.outcome.kind === 'finished' && event.data.claim === undefined
  if (event.type === 'findings') return event.data.findings.length === 0
  if (event.type === 'attempt-ended') return event.data.failure === null
  return STEPS.has(event.type)
}

/** Absent: plain. */
const WEIGHTS: Readonly<Partial<Record<BatchEventType, Weight>>> = {
  integrated: 'good',
  landed: 'good',
  findings: 'bad',
  conflict: 'bad',
  'item-parked': 'bad',
  halted: 'bad',
  'backed-off': 'warn',
  'attempt-ending': 'warn',
  late: 'warn',
  repaired: 'warn',
}

function weightOf(event: BatchEvent): Weight {
  if (event.type === 'checked')
    return event.data.red.length + event.data.couldNotRun.length === 0 ? 'good' : 'bad'
  if (event.type === 'planned')
    return event.data.outcome.kind === 'finished' && event.data.touched === undefined ? 'plain' : 'bad'
  if (event.type === 'reviewed' || event.type === 'plan-reviewed')
    return event.data.outcome.kind === 'finished' && isPass(event.data.outcome.answer) ? 'good' : 'bad'
  if (event.type === 'judged') return event.data.verdict === 'release' ? 'good' : 'bad'
  if (event.type === 'rested')
    return event.data.state === 'completed' ? 'good' : event.data.state === 'active' ? 'plain' : 'warn'
  if (event.type === 'turn-ended')
    return ['finished', 'stopped'].includes(event.data.outcome.kind) ? 'plain' : 'warn'
  return WEIGHTS[event.type] ?? 'plain'
}

function wordsOf(event: BatchEvent): string {
  switch (event.type) {
    case 'batch-opened':
      return `batch ${event.data.batch} opened ${openedWith(event.data.items)}`
    case 'started':
      return startedWords(event.data)
    case 'checked': {
      const { what, red, couldNotRun } = event.data
      const missing = [...red, ...couldNotRun]
      return missing.length === 0
        ? `${what}: every gate passed`
        : `${what}: not passed: ${missing.join(', ')}`
    }
    case 'adopted':
      return `the repository is in ${event.data.top} now`
    case 'config-amended':
      return 'the config was accepted as it is now'
    case 'looked':
      return `${event.data.item}: ${event.data.isMet ? 'all it asks for is there already' : 'not met yet; there is work to do'}`
    case 'item-edited':
      return `${event.data.item}: its file was ${event.data.digest === null ? 'removed' : 'edited'} after it was done`
    case 'item-accepted':
      return `${event.data.item.id}: accepted as it is now`
    case 'item-rejected':
      return `${event.data.item}: goes on with the text that it had`
    case 'proposal-settled':
      return `${event.data.item}: what its agent proposed was ${event.data.accepted ? 'accepted' : 'refused'}`
    case 'taking':
      return `${event.data.theirs.slice(0, 12)} of yours is on its way into the head`
    case 'taken':
      return `${event.data.theirs.slice(0, 12)} of yours is in the head`
    case 'attempt-opened':
      return `${event.data.item}: attempt ${event.data.attempt} with ${event.data.agent}`
    case 'worktree-ready':
      return `${event.data.item}: its worktree is ready`
    case 'plan-begun':
      return `${event.data.item}: ${event.data.agent} plans it`
    case 'planned':
      return `${event.data.item}: ${event.data.agent} ${plannedWords(event.data)}`
    case 'plan-review-begun':
      return `${event.data.item}: ${event.data.agent} reads the plan`
    case 'plan-reviewed':
      return `${event.data.item}: ${event.data.agent} ${reviewWords(event.data)} of the plan`
    case 'plan-settled':
      return `${event.data.item}: the plan is refused, and what was found goes back to the planner`
    case 'conversation':
      return `${event.data.item}: conversation ${event.data.conversation}`
    case 'candidate':
      return `${event.data.item}: ${count(event.data.changed, 'changed file')}, kept as ${event.data.commit.slice(0, 12)}`
    case 'integrating':
      return `${event.data.item}: the head is to become ${event.data.commit.slice(0, 12)}`
    case 'attempt-ending':
      return `${event.data.item}: the attempt ends: ${failureWords(event.data.failure)}`
    case 'late':
      return `too late, of an attempt that is over: ${event.data.type}`
    case 'repaired':
      return `a write had been cut short: ${count(event.data.bytes, 'byte')} were no record`
    case 'turn-begun':
      return `${event.data.item}: turn ${event.data.turn}`
    case 'turn-ended':
      return event.data.outcome.kind === 'finished'
        ? claimWords(event.data)
        : `${event.data.item}: the agent ended: ${event.data.outcome.kind}${endWords(event.data)}`
    case 'agent-changed':
      return `${event.data.item}: ${event.data.agent} goes on with it`
    case 'findings':
      return event.data.findings.length === 0
        ? `${event.data.item}: nothing was found`
        : `${event.data.item}: ${event.data.findings.map(foundWords).join(', ')}`
    case 'conflict':
      return `${event.data.item}: conflict in ${event.data.paths.join(', ')}`
    case 'judged':
      return `${event.data.item}: ${VERDICTS[event.data.verdict]}${event.data.blockers.length === 0 ? '' : ` (${[...new Set(event.data.blockers)].join(', ')})`}`
    case 'review-begun':
      return `${event.data.item}: ${event.data.agent} reviews it`
    case 'reviewed':
      return `${event.data.item}: ${event.data.agent} ${reviewWords(event.data)}`
    case 'review-settled':
      return `${event.data.item}: what reviewers found goes back to its agent`
    case 'integrated':
      return `${event.data.item}: in the head, ${event.data.commit.slice(0, 12)}`
    case 'attempt-ended':
      return event.data.failure === null
        ? `${event.data.item}: the attempt is over`
        : `${event.data.item}: ${failureWords(event.data.failure)}`
    case 'item-parked':
      return `${event.data.item}: parked (${event.data.code})`
    case 'item-dropped':
      return `${[event.data.item, ...event.data.with].join(', ')}: dropped`
    case 'item-retried':
      return `${event.data.item}: open again`
    case 'item-reopened':
      return `${event.data.item}: open again, although it was done`
    case 'backed-off':
      return `${event.data.agent === undefined ? 'waiting' : `${event.data.agent} waits`} until ${untilWords(event.data.until, event.at)}: ${event.data.message ?? event.data.why}`
    case 'halted':
      return `halted: ${event.data.code}${event.data.why === undefined ? '' : `: ${event.data.why}`}`
    case 'rested':
      return `the batch is ${restWords(event.data)}`
    case 'landed':
      return `landed on ${event.data.remote === undefined ? event.data.target : `${event.data.remote.name}/${event.data.remote.branch}`}`
    case 'pushing':
      return `pushing to ${event.data.remote}/${event.data.branch}`
    case 'pull-request':
      return `pull request: ${event.data.url}`
    case 'published':
      return `published as ${event.data.branch}`
    default:
      return never(event, 'event of a batch')
  }
}

/** What we found, whatever its agent claimed. */
const VERDICTS: Readonly<Record<BatchEventData['judged']['verdict'], string>> = {
  release: 'verified: it passes',
  block: 'verified: it does not pass yet',
  park: 'verified: a person is needed',
  halt: 'verified: a limit is reached',
}

/** `parked (items)`, as `status --batch` says it. */
export function restWords(rest: Rest): string {
  if (rest.state === 'suspended' && rest.until !== null) return `suspended until ${clock(rest.until)}`
  const code = 'code' in rest ? [rest.code, ...('why' in rest && rest.why ? [rest.why] : [])] : []
  return code.length === 0 ? rest.state : `${rest.state} (${code.join(': ')})`
}

function openedWith(items: readonly FrozenItem[]): string {
  const goal = items.find((one) => one.goal !== undefined)
  return goal === undefined ? `with ${items.length} items` : `towards the goal of ${goal.file}`
}

function startedWords({ owner, iterations, until, version }: BatchEventData['started']): string {
  const limits = [
    ...(iterations === null ? [] : [`for ${count(iterations, 'attempt')}`]),
    ...(until === null ? [] : [`until ${clock(until)}`]),
  ]
  return `process ${owner.pid} of version ${version} took the batch${limits.length === 0 ? '' : `, ${limits.join(', ')}`}`
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`

/** A pause of seconds is told with its seconds. */
function untilWords(until: number, at: number): string {
  return until - at < 3600_000 ? new Date(until).toTimeString().slice(0, 8) : clock(until, at)
}

/** What its program said of it. */
function endWords({ outcome, said }: BatchEventData['turn-ended']): string {
  const words = outcome.kind === 'could-not-start' ? outcome.why.message : said
  return words === undefined ? '' : `: ${words}`
}

/** Nobody checked it. */
function claimWords({ item, claim, outcome }: BatchEventData['turn-ended']): string {
  if (claim === undefined) {
    const { status, summary } = outcome.kind === 'finished' ? outcome.answer : { status: '', summary: '' }
    return `${item}: its agent claimed: ${status}${summary === '' ? '' : `: ${oneLine(summary, 100)}`}`
  }
  const more = claim.completed
    ? 'completed'
    : claim.stop
      ? `stop: ${claim.reason}`
      : `next: ${claim.nextGoal}`
  return `${item}: it says: ${oneLine(claim.summary, 80)}; ${more}`
}

/** What is not there has no path. */
function foundWords({
  kind,
  path,
}: Extract<BatchEvent, { type: 'findings' }>['data']['findings'][number]): string {
  return kind === 'no-change' ? 'nothing has changed yet' : `${kind} ${path}`
}
