import type { Item } from '../../backlog/item.ts'

/**
 * Whether all that an item asks for might be there before anybody worked. What asks for a change is never met so, and an item without
 * tasks asks for one; nor is an item that mends a gate as long as that gate is red. Pure.
 */
export function mayBeMet(
  { contract, allowVacuous, mends }: Pick<Item, 'contract' | 'allowVacuous' | 'mends'>,
  red: readonly string[],
): boolean {
  if (allowVacuous || mends.some((name) => red.includes(name))) return false
  const asked = contract.tasks.filter((one) => one.required).flatMap((one) => one.evidence)
  return asked.length > 0 && asked.every((one) => one.kind !== 'pathChanged')
}
