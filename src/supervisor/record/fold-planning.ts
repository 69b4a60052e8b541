import type { BatchEventData } from './events.ts'
import { agentAfter } from './fold-agents.ts'
import { answered } from './fold-review.ts'
import type { Move } from './fold-turn.ts'
import { planDigest } from './planning.ts'
import { toldFindings } from './review.ts'
import type { AttemptState, BatchState } from './state.ts'

/** Of whoever planned and wrote files all the same. */
const WROTE = 'it changed files, and was to plan only'

export function planned(
  before: BatchState,
  attempt: AttemptState,
  { agent, outcome, said, touched }: BatchEventData['planned'],
  move: Move,
): BatchState {
  const { planning } = attempt
  if (touched !== undefined) {
    const state = agentAfter(before, agent, { kind: 'unreadable', why: WROTE }, WROTE)
    return move(attempt.stage, { planning: { ...planning, touched: { agent, paths: touched } } }, state)
  }
  const state = agentAfter(before, agent, answered(outcome), said ?? null)
  if (outcome.kind !== 'finished') return move(attempt.stage, {}, state)
  const { plan: text } = outcome.answer
  const given = { agent, text, digest: planDigest(text) }
  return move(attempt.stage, { planning: { ...planning, given } }, state)
}

export function planReviewed(
  before: BatchState,
  attempt: AttemptState,
  { agent, plan, outcome, said }: BatchEventData['plan-reviewed'],
  move: Move,
): BatchState {
  const state = agentAfter(before, agent, answered(outcome), said ?? null)
  if (outcome.kind !== 'finished') return move(attempt.stage, {}, state)
  const { planning } = attempt
  const reviews = new Map(planning.reviews).set(agent, { plan, ...outcome.answer })
  return move(attempt.stage, { planning: { ...planning, reviews } }, state)
}

/** Not everybody passed it: another one is asked for, as often as that may be. */
export function planSettled(
  state: BatchState,
  attempt: AttemptState,
  { plan }: BatchEventData['plan-settled'],
  move: Move,
): BatchState {
  const { planning, stage } = attempt
  const { given, reviews, refused } = planning
  if (given === null || given.digest !== plan) return state
  const findings = toldFindings(new Map([...reviews].filter(([, one]) => one.plan === plan)))
  return move(
    stage,
    { planning: { ...planning, given: null, refused: refused + 1, last: { plan: given, findings } } },
    state,
  )
}
