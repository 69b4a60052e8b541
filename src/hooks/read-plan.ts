import { isObject } from '../base/json.ts'
import type { PlanItem } from '../ledger/events.ts'

/** `{plan:[{step,status}]}` as Codex hands it over; undefined when it is something else. */
export function readPlan(input: unknown): PlanItem[] | undefined {
  const items = isObject(input) ? input['plan'] : undefined
  if (!Array.isArray(items)) return undefined
  return items.slice(0, 1_000).map((item: unknown) => ({
    step:
      isObject(item) && typeof item['step'] === 'string' ? item['step'].slice(0, 2_000) : '(unnamed step)',
    status: isObject(item) && typeof item['status'] === 'string' ? item['status'].slice(0, 40) : 'unknown',
  }))
}
