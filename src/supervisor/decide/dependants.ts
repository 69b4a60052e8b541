import type { Item } from '../../backlog/item.ts'

/** Ids of items that wait for this one, by whatever way. Pure. */
export function waitersFor(items: ReadonlyMap<string, Pick<Item, 'after'>>, id: string): readonly string[] {
  const found = new Set<string>()
  const open = [id]
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const [other, { after }] of items)
      if (after.includes(at) && !found.has(other)) {
        found.add(other)
        open.push(other)
      }
  return [...found]
}
