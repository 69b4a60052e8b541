import { type ItemStatus, allBefore, beforeOthers, readyOrder } from '../../backlog/order.ts'
import type { Item } from '../../backlog/item.ts'

/** Ids of these items and of everything that has to be done before any of them can start. Pure. */
export function neededFor(
  items: readonly Item[],
  ids: readonly string[],
  statusOf: (id: string) => ItemStatus,
): ReadonlySet<string> {
  return new Set([...allBefore(items, ids), ...beforeOthers(items, statusOf)])
}

/** Items in the order in which one worker would take them, each of them done at once. What is left out would never start. Pure. */
export function plannedOrder(
  items: readonly Item[],
  statusOf: (id: string) => ItemStatus,
  only: ReadonlySet<string> | undefined,
): readonly Item[] {
  const done = new Set<string>()
  const order: Item[] = []
  for (;;) {
    const ready = readyOrder(items, (id) => (done.has(id) ? 'done' : statusOf(id)))
    const first = ready.find((one) => only?.has(one.id) ?? true)
    if (first === undefined) return order
    done.add(first.id)
    order.push(first)
  }
}
