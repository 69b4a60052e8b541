import { sha256 } from '../base/hash.ts'
import { isObject } from '../base/json.ts'
import { shortened } from '../base/text.ts'
import type { EventData, PlanItem } from '../ledger/events.ts'
import type { RunState } from '../ledger/state.ts'

/** Open steps that are kept, and the length of each: a plan may have any size, and the ledger is read at every hook. */
const maxSteps = 50
const maxStep = 200

/**
 * `{plan:[{step,status}]}` as Codex hands it over, as the ledger keeps it: what is open, and what was open before (`known`) and is
 * done by now; of the whole a digest and counts. Undefined when it is something else.
 */
export function readPlan(input: unknown, known: RunState['plan']): EventData['plan'] | undefined {
  const items = isObject(input) ? input['plan'] : undefined
  if (!Array.isArray(items)) return undefined
  const wasOpen = new Set(known?.items.flatMap((item) => (item.status === 'completed' ? [] : [item.step])))
  const plan: PlanItem[] = []
  let open = 0
  for (const item of items.map(planItem))
    if (item.status !== 'completed') {
      open += 1
      if (open <= maxSteps) plan.push(item)
    } else if (wasOpen.delete(item.step)) plan.push(item)
  return { plan, whole: { sha256: sha256(JSON.stringify(items)), steps: items.length, open } }
}

function planItem(item: unknown): PlanItem {
  const { step, status } = isObject(item) ? item : {}
  return {
    step: typeof step === 'string' ? shortened(step, maxStep) : '(unnamed step)',
    status: typeof status === 'string' ? status.slice(0, 40) : 'unknown',
  }
}
