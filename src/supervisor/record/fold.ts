import { never } from '../../base/result.ts'
import type { BatchEvent, BatchOpened, FrozenItem } from './events.ts'
import { agentWaits } from './fold-agents.ts'
import { attemptOpened, ofAttempt } from './fold-attempt.ts'
import { checked, configAmended } from './fold-checks.ts'
import { backedOff, changeItem, newItem, parked, standing, withItem } from './fold-items.ts'
import { accepted, fresh, open, reopened, resumed, taken, waitsForText } from './fold-person.ts'
import { proposalSettled } from './fold-proposal.ts'
import type { BatchState, ItemState } from './state.ts'

/** Adds one event. The first one opens the batch; null before it. Events of an attempt that is over change nothing. Pure. */
export function addEvent(state: BatchState | null, event: BatchEvent): BatchState | null {
  if (state === null) return event.type === 'batch-opened' ? opened(event) : null
  const seen = { ...state, seq: event.seq, hash: event.hash, at: event.at }
  return changed(seen, event)
}

function opened({ data, seq, hash, at }: Extract<BatchEvent, { type: 'batch-opened' }>): BatchState {
  return {
    opened: data,
    items: new Map(data.items.map((frozen) => [frozen.id, openedItem(frozen, data)])),
    attempts: new Map(),
    fence: 0,
    head: data.base,
    green: null,
    red: [],
    layers: [],
    halt: null,
    rest: null,
    asked: null,
    until: null,
    begun: 0,
    parkedInARow: 0,
    agents: new Map(),
    spawnedAt: [],
    backedOff: null,
    redHead: null,
    redChecks: 0,
    published: null,
    owner: null,
    taking: null,
    landed: null,
    pushed: [],
    pullRequest: null,
    seq,
    hash,
    at,
  }
}

function openedItem(frozen: FrozenItem, { base, over }: BatchOpened): ItemState {
  const item = newItem(frozen)
  if (over?.done.includes(frozen.id)) return { ...item, standing: { kind: 'done', commit: base } }
  return over?.dropped.includes(frozen.id) ? { ...item, standing: { kind: 'dropped' } } : item
}

function changed(state: BatchState, event: BatchEvent): BatchState {
  switch (event.type) {
    case 'batch-opened':
    case 'late':
    case 'repaired':
      return state
    case 'landed':
      return { ...state, landed: event.data }
    case 'pushing':
      return { ...state, pushed: [...state.pushed, event.data] }
    case 'pull-request':
      return { ...state, pullRequest: event.data }
    case 'published':
      return { ...state, published: event.data }
    case 'adopted':
      return { ...state, opened: { ...state.opened, ...event.data } }
    case 'config-amended':
      return configAmended(state, event.data)
    case 'started': {
      const { iterations, until, owner, bootId } = event.data
      const asked = iterations === null ? null : state.begun + iterations
      return { ...resumed(state), owner: { process: owner, bootId }, asked, until }
    }
    case 'checked':
      return checked(state, event.data, event.at)
    case 'item-edited': {
      const { item, digest } = event.data
      return changeItem(state, item, (was) => ({ ...was, edited: digest }))
    }
    case 'looked': {
      const { item, head, isMet } = event.data
      return changeItem(state, item, (was) => ({ ...was, looked: { head, isMet } }))
    }
    case 'item-accepted': {
      const { item } = event.data
      const had = state.items.get(item.id)
      if (had !== undefined) return withItem(open(state), item.id, accepted(had, item, event.at))
      // There is more to do, of a batch that was completed too.
      return withItem(resumed({ ...state, parkedInARow: 0 }), item.id, newItem(item))
    }
    case 'item-rejected':
      return changeItem(open(state), event.data.item, (item) => ({
        ...item,
        rejected: event.data.digest,
        standing: waitsForText(item) ? { kind: 'open' } : item.standing,
      }))
    case 'proposal-settled':
      return proposalSettled(state, event.data, event.at)
    case 'item-parked': {
      const { item, code, why } = event.data
      return parked(state, item, code, why)
    }
    case 'item-dropped':
      return [event.data.item, ...event.data.with].reduce(
        (all, item) => standing(all, item, { kind: 'dropped' }),
        open(state),
      )
    case 'item-retried':
      return changeItem(open(state), event.data.item, fresh)
    case 'item-reopened':
      return changeItem(resumed({ ...state, parkedInARow: 0 }), event.data.item, reopened)
    case 'taking':
      return { ...state, taking: event.data }
    case 'taken':
      return taken(state, event.data)
    case 'backed-off': {
      const { agent, until, why, message = why } = event.data
      if (agent !== undefined) return agentWaits(state, agent, event.data)
      // Of an earlier version, for all agents alike: it is found out again which one it is.
      return why === 'quota' ? state : backedOff(state, until, message)
    }
    case 'halted':
      return { ...state, halt: event.data }
    case 'rested':
      return { ...state, rest: event.data }
    case 'attempt-opened':
      return attemptOpened(state, event.data, event.at)
    case 'worktree-ready':
    case 'plan-begun':
    case 'planned':
    case 'plan-review-begun':
    case 'plan-reviewed':
    case 'plan-settled':
    case 'turn-begun':
    case 'conversation':
    case 'turn-ended':
    case 'agent-changed':
    case 'candidate':
    case 'findings':
    case 'conflict':
    case 'judged':
    case 'review-begun':
    case 'reviewed':
    case 'review-settled':
    case 'integrating':
    case 'integrated':
    case 'attempt-ending':
    case 'attempt-ended':
      return ofAttempt(state, event)
    default:
      return never(event, 'event of a batch')
  }
}
