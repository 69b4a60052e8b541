import { lastPlan } from '../codex/transcript/plan.ts'
import { droppedStep } from '../ledger/fold-parts.ts'
import type { RunState } from '../ledger/state.ts'
import type { PlanFact } from '../verdict/facts.ts'
import { readPlan } from './read-plan.ts'

/**
 * The plan that counts: the ledger's (PostToolUse puts it there) or, where there is none (classic models before
 * 0.169 fire no such event), the transcript's last `update_plan` since the run began.
 */
export function planFact(run: RunState, transcriptPath: string | null): PlanFact {
  if (run.plan) return judged(run.plan.items, run.plan.stale)
  const found = transcriptPath === null ? null : lastPlan(transcriptPath, { since: run.createdAt })
  const items = found ? readPlan({ plan: found.plan }) : undefined
  return items ? judged(items, false) : { state: 'absent', open: [] }
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
