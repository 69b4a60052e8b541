import { oneLine, withoutControls } from '../../base/text.ts'
import { never } from '../../base/result.ts'
import type { BatchEvent, BatchEventData, FrozenItem } from '../../supervisor/record/events.ts'
import { failureWords } from '../../supervisor/effects/failure-words.ts'

/**
 * One event for a person who watches, with the time of day; null for those that say nothing of its own. Names of files and reasons
 * are an agent's: terminal controls in them do nothing.
 */
export function batchEventLine(event: BatchEvent): string | null {
  const words = wordsOf(event)
  return words === null
    ? null
    : `${new Date(event.at).toTimeString().slice(0, 8)}  ${oneLine(withoutControls(words), 200)}`
}

function wordsOf(event: BatchEvent): string | null {
  switch (event.type) {
    case 'batch-opened':
      return `batch ${event.data.batch} opened ${openedWith(event.data.items)}`
    case 'started':
      return null
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
      return event.data.isMet ? `${event.data.item}: all it asks for is there already` : null
    case 'item-edited':
      return `${event.data.item}: its file was ${event.data.digest === null ? 'removed' : 'edited'} after it was done`
    case 'item-accepted':
      return `${event.data.item.id}: accepted as it is now`
    case 'item-rejected':
      return `${event.data.item}: goes on with the text that it had`
    case 'proposal-settled':
      return `${event.data.item}: what its agent proposed was ${event.data.accepted ? 'accepted' : 'refused'}`
    case 'taking':
      return null
    case 'taken':
      return `${event.data.theirs.slice(0, 12)} of yours is in the head`
    case 'attempt-opened':
      return `${event.data.item}: attempt ${event.data.attempt} with ${event.data.agent}`
    case 'worktree-ready':
    case 'conversation':
    case 'candidate':
    case 'integrating':
    case 'attempt-ending':
    case 'late':
    case 'repaired':
      return null
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
        ? null
        : `${event.data.item}: ${event.data.findings.map((one) => `${one.kind} ${one.path}`).join(', ')}`
    case 'conflict':
      return `${event.data.item}: conflict in ${event.data.paths.join(', ')}`
    case 'judged':
      return `${event.data.item}: ${event.data.verdict}${event.data.blockers.length === 0 ? '' : ` (${[...new Set(event.data.blockers)].join(', ')})`}`
    case 'integrated':
      return `${event.data.item}: in the head, ${event.data.commit.slice(0, 12)}`
    case 'attempt-ended':
      return event.data.failure === null ? null : `${event.data.item}: ${failureWords(event.data.failure)}`
    case 'item-parked':
      return `${event.data.item}: parked (${event.data.code})`
    case 'item-dropped':
      return `${[event.data.item, ...event.data.with].join(', ')}: dropped`
    case 'item-retried':
      return `${event.data.item}: open again`
    case 'item-reopened':
      return `${event.data.item}: open again, although it was done`
    case 'backed-off':
      return `${event.data.agent === undefined ? 'waiting' : `${event.data.agent} waits`} until ${new Date(event.data.until).toTimeString().slice(0, 8)}: ${event.data.message ?? event.data.why}`
    case 'halted':
      return `halted: ${event.data.code}${event.data.why === undefined ? '' : `: ${event.data.why}`}`
    case 'rested':
      return `the batch is ${event.data.state}`
    case 'landed':
      return `landed on ${event.data.remote === undefined ? event.data.target : `${event.data.remote.name}/${event.data.remote.branch}`}`
    case 'pushing':
      return null
    case 'pull-request':
      return `pull request: ${event.data.url}`
    case 'published':
      return `published as ${event.data.branch}`
    default:
      return never(event, 'event of a batch')
  }
}

function openedWith(items: readonly FrozenItem[]): string {
  const goal = items.find((one) => one.goal !== undefined)
  return goal === undefined ? `with ${items.length} items` : `towards the goal of ${goal.file}`
}

/** What its program said of it. */
function endWords({ outcome, said }: BatchEventData['turn-ended']): string {
  const words = outcome.kind === 'could-not-start' ? outcome.why.message : said
  return words === undefined ? '' : `: ${words}`
}

/** Nobody checked it. */
function claimWords({ item, claim }: BatchEventData['turn-ended']): string | null {
  if (claim === undefined) return null
  const more = claim.completed
    ? 'completed'
    : claim.stop
      ? `stop: ${claim.reason}`
      : `next: ${claim.nextGoal}`
  return `${item}: it says: ${oneLine(claim.summary, 80)}; ${more}`
}
