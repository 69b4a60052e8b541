import { droppedStep } from '../ledger/fold-parts.ts'
import type { RunState } from '../ledger/state.ts'
import type { PlanFact } from '../verdict/facts.ts'

/** The plan that counts: the ledger's, where PostToolUse puts it. */
export function planFact(run: RunState): PlanFact {
  return run.plan ? judged(run.plan) : { state: 'absent', open: [] }
}

function judged({ items, stale, unnamed = 0 }: NonNullable<RunState['plan']>): PlanFact {
  const named = items
    .filter((item) => item.status !== 'completed')
    .map((item) =>
      item.status === droppedStep ? `${item.step} (taken out of the plan unfinished)` : item.step,
    )
  const open = unnamed > 0 ? [...named, `${unnamed} more`] : named
  if (stale) return { state: 'stale', open }
  return { state: open.length > 0 ? 'incomplete' : 'complete', open }
}
