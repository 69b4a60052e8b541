import { sha256 } from '../../base/hash.ts'
import { shortened } from '../../base/text.ts'
import type { AttemptFailure, GoalAnswer } from './events.ts'
import { changeItem, parked, standing } from './fold-items.ts'
import type { GoalState, Iteration } from './goal-state.ts'
import type { AttemptState, BatchState, ItemState } from './state.ts'

/** After the same goal so many times in a row a person is asked. */
export const MOST_SAME = 4
/** Of every text of an iteration that is over, in UTF-16 units. */
const MOST_KEPT = 1000

export function isGoal({ items }: Pick<BatchState, 'items'>, id: string): boolean {
  return (items.get(id)?.goal ?? null) !== null
}

/** Whether a batch works towards a goal, and not through a backlog. */
export function isGoalBatch({ items }: Pick<BatchState, 'items'>): boolean {
  return [...items.values()].some((one) => one.goal !== null)
}

/**
 * An attempt of a goal is over:
 *
 *   in the head, or nothing changed ─► completed ─► done
 *                                      stop, the same goal again and again ─► parked
 *                                      else open, with the goal that it set
 *   failed ─► as for any item; the goal stays what it was
 *
 * `isSettled`: its standing is decided by that. Pure.
 */
export function goalEnded(
  state: BatchState,
  { item: id, attempt, digest, claim, stage }: AttemptState,
  failure: AttemptFailure | null,
  at: number,
): { readonly state: BatchState; readonly isSettled: boolean } {
  const item = state.items.get(id)
  if (!item?.goal) return { state, isSettled: false }
  const commit = failure === null && stage.at === 'integrated' ? stage.commit : null
  const { present } = item.goal
  const iteration = { attempt, at, goal: kept(present), commit, failure, claimed: claim && keptAnswer(claim) }
  const isOver = failure === null || failure.kind === 'no-change'
  // What was said towards another plan settles nothing of this one.
  const isOther = digest !== item.frozen.digest
  const next = isOver && !isOther ? setGoal(item.goal, claim, failure) : item.goal
  const noted = changeItem(state, id, (was) => ({
    ...(failure === null ? proved(was) : was),
    goal: { ...next, iterations: [...next.iterations, iteration satisfies Iteration] },
  }))
  // A person may have dropped it meanwhile.
  if (!isOver || item.standing.kind !== 'working') return { state: noted, isSettled: isOver }
  if (isOther) return { state: standing(noted, id, { kind: 'open' }), isSettled: true }
  return { state: settled(noted, id, claim, next), isSettled: true }
}

function setGoal(goal: GoalState, claim: GoalAnswer | null, failure: AttemptFailure | null): GoalState {
  // Whoever sets none goes on with the one there is.
  const present = claim?.nextGoal.trim() ? claim.nextGoal : goal.present
  const key = sha256(normal(present))
  return {
    ...goal,
    present,
    same: { key, times: goal.same.key === key ? goal.same.times + 1 : 1 },
    idle: failure === null ? 0 : goal.idle + 1,
    pausedUntil: failure?.kind === 'no-change' ? failure.until : null,
  }
}

function settled(state: BatchState, id: string, claim: GoalAnswer | null, { same }: GoalState): BatchState {
  if (claim?.completed) return standing(state, id, { kind: 'done', commit: state.head })
  if (claim?.stop) return parked(state, id, 'stopped-by-agent', claim.reason)
  return same.times >= MOST_SAME ? parked(state, id, 'stagnation') : standing(state, id, { kind: 'open' })
}

/** The head moved: what failed before counts no more. */
function proved(item: ItemState): ItemState {
  return { ...item, counted: 0, spawns: 0, stuck: 0, conflicts: 0, failures: [] }
}

/** Two goals are the same that differ in nothing but case, spaces and the mark at the end. */
function normal(goal: string): string {
  return goal
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[.!]+$/, '')
}

const kept = (text: string): string => shortened(text, MOST_KEPT)

function keptAnswer(claim: GoalAnswer): GoalAnswer {
  return {
    ...claim,
    summary: kept(claim.summary),
    nextGoal: kept(claim.nextGoal),
    reason: kept(claim.reason),
    evidence: kept(claim.evidence),
  }
}
