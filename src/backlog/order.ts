import type { Item } from './item.ts'

/** How an item of a batch stands; what each means is said in the documents of the supervisor. */
export type ItemStatus =
  | 'waiting'
  | 'ready'
  | 'working'
  | 'suspended'
  | 'integrating'
  | 'done'
  | 'parked'
  | 'dropped'

type Ordered = Pick<Item, 'id' | 'after' | 'priority' | 'exclusive' | 'mends'>

/** In work: it holds its exclusive words, and what mends is alone as long. */
const HELD: ReadonlySet<ItemStatus> = new Set(['working', 'suspended', 'integrating'])
const STARTABLE: ReadonlySet<ItemStatus> = new Set(['waiting', 'ready'])
/** Nobody waits for these any more. A parked one that mends is still waited for: without it every gate stays red. */
const OVER: ReadonlySet<ItemStatus> = new Set(['done', 'dropped'])

/**
 * Items that may start now, all of them at the same time, the first one first: of two that exclude each other only the first is
 * there. `stateOf` speaks of what a batch knows; that agents or a config are lacking is asked elsewhere. Pure.
 *
 *   done before it ─► alone, or nothing alone in work ─► words free ─► priority, how many wait for it, number
 */
export function readyOrder<I extends Ordered>(
  items: readonly I[],
  stateOf: (id: string) => ItemStatus,
): readonly I[] {
  const held = items.filter((one) => HELD.has(stateOf(one.id)))
  if (held.some(isAlone)) return []
  const waiters = waitersOf(items)
  const first = beforeOthers(items, stateOf)
  const ready = items
    .filter((one) => STARTABLE.has(stateOf(one.id)) && one.after.every((id) => stateOf(id) === 'done'))
    .filter((one) => first.size === 0 || first.has(one.id))
    .sort(
      (a, b) =>
        Number(isAlone(b)) - Number(isAlone(a)) ||
        a.priority - b.priority ||
        (waiters.get(b.id) ?? 0) - (waiters.get(a.id) ?? 0) ||
        Number(a.id) - Number(b.id),
    )
  const [next] = ready
  if (next !== undefined && isAlone(next)) return held.length === 0 ? [next] : []
  const taken = new Set(held.flatMap((one) => one.exclusive))
  return ready.filter((one) => {
    const isFree = !one.exclusive.some((word) => taken.has(word))
    if (isFree) for (const word of one.exclusive) taken.add(word)
    return isFree
  })
}

function isAlone({ mends }: Ordered): boolean {
  return mends.length > 0
}

/** How many items wait for each, by whatever way. */
export function waitersOf(items: readonly Ordered[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const item of items)
    for (const id of allBefore(items, [item.id]))
      if (id !== item.id) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

/** Ids of items that mend and are not over, and of what they wait for; nothing else starts as long as there is one. */
export function beforeOthers(
  items: readonly Ordered[],
  stateOf: (id: string) => ItemStatus,
): ReadonlySet<string> {
  return allBefore(
    items,
    items.filter((one) => isAlone(one) && !OVER.has(stateOf(one.id))).map((one) => one.id),
  )
}

/** These ids and everything that has to be done before them. Ends in a circle too. */
export function allBefore(
  items: readonly Pick<Item, 'id' | 'after'>[],
  ids: readonly string[],
): ReadonlySet<string> {
  const byId = new Map(items.map((one) => [one.id, one]))
  const seen = new Set<string>()
  const open = [...ids]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    open.push(...(byId.get(id)?.after ?? []))
  }
  return seen
}
