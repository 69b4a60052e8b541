import type { Outcome } from '../../agents/agent.ts'
import { oneLine, withoutControls } from '../../base/text.ts'
import type { BatchEventData } from './events.ts'
import type { AgentState, BatchState } from './state.ts'

/** Longest account of why it could not start, in UTF-16 units. */
const MOST = 500

const fresh: AgentState = { failures: 0, passing: 0, waits: null, unusable: null, said: null }

export function agentState({ agents }: Pick<BatchState, 'agents'>, name: string): AgentState {
  return agents.get(name) ?? fresh
}

function withAgent(state: BatchState, name: string, change: Partial<AgentState>): BatchState {
  return { ...state, agents: new Map(state.agents).set(name, { ...agentState(state, name), ...change }) }
}

/** What the end of a turn says of its agent. Only verified progress and a person's word take failures back: a turn that ended well is neither. */
export function agentAfter(
  state: BatchState,
  name: string,
  outcome: Outcome<unknown>,
  said: string | null,
): BatchState {
  const was = agentState(state, name)
  switch (outcome.kind) {
    case 'finished':
      return withAgent(state, name, { passing: 0, waits: null })
    case 'overloaded':
    case 'network':
    case 'in-use':
      return withAgent(state, name, { passing: was.passing + 1 })
    case 'signed-out':
    case 'model-unknown':
      return withAgent(state, name, { unusable: outcome.kind, said })
    case 'refused':
    case 'rejected':
    case 'crashed':
    case 'silent':
    case 'too-long':
    case 'unreadable':
      return withAgent(state, name, { failures: was.failures + 1, said })
    case 'could-not-start':
      return withAgent(state, name, {
        failures: was.failures + 1,
        said: oneLine(withoutControls(outcome.why.message), MOST),
      })
    case 'quota':
    case 'context-full':
    case 'budget':
    case 'stopped':
      return state
    default:
      return outcome satisfies never
  }
}

/** Its work is in the head. What keeps it from being asked is another matter: a sign-in is not back by that. */
export function agentProved(state: BatchState, name: string): BatchState {
  const { unusable, said } = agentState(state, name)
  return withAgent(state, name, { failures: 0, said: unusable === null ? null : said })
}

/** It is asked nothing until then. */
export function agentWaits(
  state: BatchState,
  name: string,
  { until, why, shared }: BatchEventData['backed-off'],
): BatchState {
  return withAgent(state, name, { waits: { until, why, isShared: shared === true } })
}
