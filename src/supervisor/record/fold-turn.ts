import type { Outcome } from '../../agents/agent.ts'
import type { BatchEventData } from './events.ts'
import { agentAfter } from './fold-agents.ts'
import type { AttemptState, BatchState, Stage, Told } from './state.ts'

/** Where the attempt stands after an event. */
export type Move = (stage: Stage, more?: Partial<AttemptState>, all?: BatchState) => BatchState

/** Endings after which a conversation may well go on. */
const RESUMED: ReadonlySet<Outcome['kind']> = new Set([
  'crashed',
  'silent',
  'too-long',
  'unreadable',
  'rejected',
])

/** Endings that lie in the conversation, or may. */
const LEFT: ReadonlySet<Outcome['kind']> = new Set(['context-full', 'rejected'])

/** Endings that the work is not to blame for: the same turn is asked for again, once it can be. */
const ASKED_AGAIN: ReadonlySet<Outcome['kind']> = new Set([
  'stopped',
  'quota',
  'overloaded',
  'network',
  'in-use',
  'signed-out',
  'model-unknown',
  'could-not-start',
])

/** So many conversations of one attempt may be left. */
const MOST_CONTEXTS = 3

export function turnEnded(
  before: BatchState,
  attempt: AttemptState,
  { outcome, over, said }: BatchEventData['turn-ended'],
  move: Move,
): BatchState {
  const { stage } = attempt
  const state = agentAfter(before, attempt.agent, outcome, said ?? null)
  if (stage.at !== 'working') return move({ at: 'turned', outcome }, {}, state)
  const { told } = stage
  // A limit of the turn alone is its end; what is there is looked at.
  const isCut = outcome.kind === 'budget' && (over === 'item' || over === 'batch')
  if (isCut || ASKED_AGAIN.has(outcome.kind))
    return move({ at: 'ready', told }, { turn: attempt.turn - 1 }, state)
  // A request that was not taken is no turn.
  const turn = attempt.turn - (outcome.kind === 'rejected' ? 1 : 0)
  // Once more, before the conversation or the attempt is lost.
  if (!attempt.isResumed && RESUMED.has(outcome.kind))
    return move({ at: 'ready', told }, { turn, isResumed: true }, state)
  if (LEFT.has(outcome.kind) && attempt.contexts < MOST_CONTEXTS) {
    const left = { ...NEW, turn, contexts: attempt.contexts + 1, isResumed: false }
    return move({ at: 'ready', told: facts(told) }, left, state)
  }
  return move({ at: 'turned', outcome }, { isResumed: false }, state)
}

/** Between two turns only. */
export function agentChanged(
  state: BatchState,
  { stage }: AttemptState,
  { agent }: BatchEventData['agent-changed'],
  move: Move,
): BatchState {
  return stage.at === 'ready'
    ? move({ at: 'ready', told: facts(stage.told) }, { ...NEW, agent }, state)
    : state
}

/** The conversation to come is another one. */
const NEW = { conversation: null, spent: 0 } as const

/** A conversation that is new knows nothing of the one before. The first turn of an attempt is told of the item anyway. */
function facts(told: Told): Told {
  return told.kind === 'facts' ? told : { kind: 'facts', last: told }
}
