import type { Outcome } from '../../agents/agent.ts'
import type { BatchEventData } from './events.ts'
import { agentAfter } from './fold-agents.ts'
import { changeItem } from './fold-items.ts'
import type { Move } from './fold-turn.ts'
import { toldFindings } from './review.ts'
import type { AttemptState, BatchState } from './state.ts'

const DAY_MS = 24 * 3600_000

/** A start is a start, whoever was started. */
export function spawned(state: BatchState, item: string, at: number): BatchState {
  const began = { ...state, spawnedAt: [...state.spawnedAt.filter((one) => one > at - DAY_MS), at] }
  return changeItem(began, item, (was) => ({ ...was, spawns: was.spawns + 1 }))
}

/** Who is asked once has no turn that could go on: where a worker would go on, it failed. */
const NO_ANSWER: ReadonlySet<Outcome['kind']> = new Set(['context-full', 'budget'])

export function answered(outcome: Outcome<unknown>): Outcome<unknown> {
  return NO_ANSWER.has(outcome.kind) ? { kind: 'unreadable', why: outcome.kind } : outcome
}

export function reviewed(
  before: BatchState,
  attempt: AttemptState,
  { agent, tree, outcome, said }: BatchEventData['reviewed'],
  move: Move,
): BatchState {
  const state = agentAfter(before, agent, answered(outcome), said ?? null)
  if (outcome.kind !== 'finished') return move(attempt.stage, {}, state)
  const { verdict, findings } = outcome.answer
  return move(
    attempt.stage,
    { reviews: new Map(attempt.reviews).set(agent, { tree, verdict, findings }) },
    state,
  )
}

/** Not everybody passed it: the worker is told what was found. */
export function reviewSettled(
  state: BatchState,
  attempt: AttemptState,
  { tree }: BatchEventData['review-settled'],
  move: Move,
): BatchState {
  if (attempt.stage.at !== 'released') return state
  const reviews = new Map([...attempt.reviews].filter(([, one]) => one.tree === tree))
  return move(
    { at: 'ready', told: { kind: 'review', findings: toldFindings(reviews) } },
    { rounds: attempt.rounds + 1, refusedTree: tree },
    state,
  )
}
