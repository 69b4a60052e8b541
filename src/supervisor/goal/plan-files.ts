import path from 'node:path'
import { readFileSafe } from '../../base/read-file.ts'
import { type Result, ok } from '../../base/result.ts'
import type { Sha256 } from '../../base/hash.ts'
import type { FrozenItem, GoalTerms } from '../record/events.ts'
import type { BatchState } from '../record/state.ts'
import { goalDigest } from './plan-item.ts'

/** Longest plan, and longest rules. */
export const MAX_PLAN_BYTES = 256 << 10

/** The plan of an open batch as it lies in the checkout by now; null: it is gone, or its rules are. */
export type PlanNow = Omit<FrozenItem, 'id'> & { readonly goal: GoalTerms }

/** Reads what the batch has frozen, as it is by now. Fails where it cannot be known. Follows no link. Codes: those of readFileSafe. */
export function planFiles(root: string, { file, goal }: FrozenItem): Result<PlanNow | null> {
  if (goal === undefined) return ok(null)
  const text = textAt(root, file)
  if (!text.ok) return text
  const rules = goal.rules === null ? ok('') : textAt(root, goal.rules.file)
  if (!rules.ok) return rules
  if (text.value === null || rules.value === null) return ok(null)
  const terms = { ...goal, rules: goal.rules && { ...goal.rules, text: rules.value } }
  return ok({ file, text: text.value, digest: goalDigest(file, text.value, terms), goal: terms })
}

/**
 * The goal whose files differ from what a person said yes to, with the digest by now (null: gone), but for what a person rejected. A
 * look that failed changes nothing.
 */
export function unapprovedGoal(
  root: string,
  { items }: Pick<BatchState, 'items'>,
): ReadonlyMap<string, Sha256 | null> {
  return new Map(
    [...items].flatMap(([id, { frozen, rejected }]): [string, Sha256 | null][] => {
      const now = planFiles(root, frozen)
      if (!now.ok) return []
      const digest = now.value?.digest ?? null
      return digest === frozen.digest || digest === rejected ? [] : [[id, digest]]
    }),
  )
}

/** Null: there is none. */
function textAt(root: string, file: string): Result<string | null> {
  const bytes = readFileSafe(path.join(root, file), { maxBytes: MAX_PLAN_BYTES })
  if (bytes.ok) return ok(bytes.value.toString('utf8'))
  return bytes.error.code === 'missing' ? ok(null) : bytes
}
