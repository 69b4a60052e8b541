import type { BacklogProblem, Item } from '../backlog/item.ts'
import type { ItemStatus } from '../backlog/order.ts'
import { lookAtBacklog, readBacklogFiles } from '../backlog/read-backlog.ts'
import { type Result, ok } from '../base/result.ts'
import type { ProjectConfig } from '../contract/types.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import { checkoutConfig } from '../records/checkout-config.ts'
import type { Context } from '../records/context.ts'
import { type ItemStanding, itemStandings } from '../records/item-approvals.ts'
import { siteOf } from '../supervisor/batch/site.ts'
import { plannedOrder } from '../supervisor/decide/planned-order.ts'
import { isOfBacklog } from '../supervisor/orders/item-files.ts'
import { openBatch } from '../supervisor/orders/order.ts'
import { lookAround } from './batch-around.ts'
import { type ItemView, itemView } from './batch-item.ts'

/** An item of the checkout, and how it stands. */
export interface BacklogEntry {
  readonly item: Item
  /** What a person said of its file as it is now. */
  readonly standing: ItemStanding
  /** In the open batch; null: none is open, or it does not have the item. */
  readonly inBatch: ItemView | null
}

export interface BacklogView {
  readonly root: string
  readonly config: ProjectConfig
  /** The open batch; null: none, or it works towards a goal. */
  readonly batch: string | null
  /** By number: those that could be read. */
  readonly entries: readonly BacklogEntry[]
  readonly problems: readonly BacklogProblem[]
}

/**
 * The items as they lie in a checkout, under the config as it lies there, and how they stand in the open batch. Only reads. Codes:
 * those of checkoutConfig and of readBatch.
 */
export function backlogView(context: Context, cwd: string): Result<BacklogView> {
  const root = findRepoRoot(cwd)
  const config = checkoutConfig(root)
  if (!config.ok) return config
  const { items, problems } = lookAtBacklog(readBacklogFiles(root), config.value)
  const standings = itemStandings(context.env.home, root, items)
  const batch = batchItems(context, root)
  if (!batch.ok) return batch
  const entries = items.map((item, at) => ({
    item,
    standing: standings[at] ?? ('new' as const),
    inBatch: batch.value?.items.get(item.id) ?? null,
  }))
  return ok({ root, config: config.value, batch: batch.value?.id ?? null, entries, problems })
}

/** The items in the order in which one worker would take them, and those that would never start. Pure. */
export function orderOf(entries: readonly BacklogEntry[]): {
  readonly order: readonly Item[]
  readonly left: readonly Item[]
} {
  const items = entries.map((one) => one.item)
  const stands = new Map(entries.map(({ item, inBatch }) => [item.id, inBatch?.state]))
  const order = plannedOrder(items, (id) => asStartable(stands.get(id)), undefined)
  const isOver = ({ id }: Item): boolean => ['done', 'dropped'].includes(stands.get(id) ?? '')
  return { order, left: items.filter((one) => !order.includes(one) && !isOver(one)) }
}

/** What is in work goes on first; what waits is asked for its reasons elsewhere. */
function asStartable(status: ItemStatus | undefined): ItemStatus {
  return status === 'done' || status === 'dropped' || status === 'parked' ? status : 'ready'
}

/** A directory without git has no batch. */
function batchItems(
  context: Context,
  root: string,
): Result<{ readonly id: string; readonly items: ReadonlyMap<string, ItemView> } | null> {
  const site = siteOf(root)
  if (!site.ok) return ok(null)
  const open = openBatch(context, site.value)
  if (!open.ok) return open
  if (open.value === null || !isOfBacklog(open.value.state)) return ok(null)
  const { batch, state } = open.value
  const around = lookAround(state, context)
  return ok({
    id: batch,
    items: new Map([...state.items].map(([id, one]) => [id, itemView(one, state, around)])),
  })
}
