import { type Result, err, ok } from '../../base/result.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import { planFiles } from '../goal/plan-files.ts'
import { goalFailure, goalItem } from '../goal/plan-item.ts'
import type { BatchState } from '../record/state.ts'
import type { EditedItem } from './edited-item.ts'

/** The plan of an open batch, where its files differ from what it froze. Codes: invalid-goal, those of planFiles. */
export function editedPlan(
  root: string,
  { items }: BatchState,
  config: ProjectConfig,
): Result<readonly EditedItem[]> {
  const edited: EditedItem[] = []
  for (const [id, { frozen, rejected, standing }] of items) {
    const now = planFiles(root, frozen)
    if (!now.ok) return now
    const digest = now.value?.digest ?? null
    if (digest === frozen.digest || digest === rejected || standing.kind === 'done') continue
    const item = now.value && goalItem(now.value, config)
    if (item?.ok === false) return err(goalFailure(frozen.file, item.error))
    const isDropped = standing.kind === 'dropped'
    edited.push({ id, kind: item === null ? 'gone' : 'changed', item: item?.value ?? null, isDropped })
  }
  return ok(edited)
}
