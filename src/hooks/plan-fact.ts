import { droppedStep } from '../ledger/fold-parts.ts'
import type { RunState } from '../ledger/state.ts'
import type { PlanFact } from '../verdict/facts.ts'

/** The plan that counts: the ledger's, where PostToolUse puts it. */
export function planFact(run: RunState): PlanFact {
  return run.plan ? judged(run.plan.items, run.plan.stale) : { state: 'absent', open: [] }
}

function judged(
  items: readonly { readonly step: string; readonly status: string }[],
  stale: boolean,
): PlanFact {
  const open = items
    .filter((item) => item.status !== 'completed')
    .map((item) =>
      item.status === droppedStep ? `${item.step} (taken out of the plan unfinished)` : item.step,
    )
  if (stale) return { state: 'stale', open }
  return { state: open.length > 0 ? 'incomplete' : 'complete', open }
}
