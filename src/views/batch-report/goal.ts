import { shortened } from '../../base/text.ts'
import { failureName } from '../batch-goal.ts'
import type { BatchState } from '../../supervisor/record/state.ts'
import type { GoalReport } from './shape.ts'
import { type Told, iso, tokensOf } from './tries.ts'

/** Of one text of an agent, in UTF-16 units. */
const MOST_TEXT = 600

/** Every iteration towards a goal, oldest first; null: the batch works through a backlog. Pure. */
export function goalReport({ items }: BatchState, attempts: readonly Told[]): GoalReport | null {
  for (const { goal, frozen } of items.values()) {
    if (goal === null) continue
    const told = new Map(attempts.filter((one) => one.item === frozen.id).map((one) => [one.attempt, one]))
    return {
      plan: frozen.file,
      rules: frozen.goal?.rules?.file ?? null,
      iterations: goal.iterations.length,
      kept: goal.iterations.filter((one) => one.commit !== null).length,
      rows: goal.iterations.map(({ attempt, at, commit, failure, claimed, goal: text }) => ({
        iteration: attempt,
        at: iso(at),
        commit,
        failed: failure === null ? null : failureName(failure),
        turns: told.get(attempt)?.turns ?? 0,
        tokens: tokensOf(told.get(attempt)?.agents ?? []),
        goal: shortened(text, MOST_TEXT),
        claimed: claimed && {
          summary: shortened(claimed.summary, MOST_TEXT),
          next_goal: shortened(claimed.nextGoal, MOST_TEXT),
          reason: shortened(claimed.reason, MOST_TEXT),
          evidence: shortened(claimed.evidence, MOST_TEXT),
          stop: claimed.stop,
          completed: claimed.completed,
        },
      })),
    }
  }
  return null
}
