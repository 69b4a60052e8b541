import { type Result, fail, ok } from '../../base/result.ts'
import type { Item } from '../../backlog/item.ts'
import { itemId } from '../../backlog/item-id.ts'
import { ensureHome } from '../../ledger/home.ts'
import type { Context } from '../../records/context.ts'
import { acceptItem } from '../../records/item-approvals.ts'
import type { EditedItem, EditedItems } from './edited-items.ts'
import { frozenItem } from '../batch/open.ts'
import { type Ordered, order } from './order.ts'
import type { Site } from '../batch/site.ts'

/** Those that are meant: all, or these numbers. Code: no-item, where one of them does not wait for a word. */
export function chosenOf(
  { items }: EditedItems,
  typed: readonly string[] | 'all',
): Result<readonly EditedItem[]> {
  if (typed === 'all') return ok(items.filter(({ isDropped }) => !isDropped))
  const ids = [...new Set(typed.map(itemId))]
  const unknown = ids.find((id) => !items.some((one) => one.id === id))
  if (unknown === undefined) return ok(items.filter((one) => ids.includes(one.id)))
  const waiting = items.map((one) => one.id).join(', ')
  return fail(
    'no-item',
    `item ${unknown} does not wait to be accepted; ${waiting === '' ? 'none does' : `these do: ${waiting}`}`,
    { fix: 'autonomous-loop status --batch' },
  )
}

/**
 * A person says yes to items as they are: kept for every later batch, and told the open one. An attempt at an older text is ended,
 * its work rescued, and the item begins with the new text. Codes: home-unwritable, and those of order.
 */
export function acceptEdited(
  context: Context,
  site: Site,
  { batch }: Pick<EditedItems, 'batch'>,
  items: readonly Item[],
): Result<Ordered> {
  const made = ensureHome(context.env.home)
  if (!made.ok) return made
  for (const item of items) {
    const accepted = acceptItem(context.env.home, site.root, item, context.clock())
    if (!accepted.ok) return accepted
  }
  return batch === null
    ? ok({ by: 'nobody' })
    : order(context, site, { kind: 'accept', items: items.map(frozenItem) })
}

/** A person says no: the batch goes on with the texts that it has, until the files change again. Codes: those of order. */
export function rejectEdited(context: Context, site: Site, items: readonly EditedItem[]): Result<Ordered> {
  return order(context, site, {
    kind: 'reject',
    items: items.map(({ id, item }) => ({ id, digest: item?.digest ?? null })),
  })
}
