import { writeChange } from '../../backlog/write-change.ts'
import { type Result, ok } from '../../base/result.ts'
import { ensureHome } from '../../ledger/home.ts'
import type { Context } from '../../records/context.ts'
import { acceptItem } from '../../records/item-approvals.ts'
import { frozenItem } from '../batch/open.ts'
import type { Site } from '../batch/site.ts'
import { type Ordered, order } from './order.ts'
import { type PlannedProposal, nameOf } from './proposals.ts'

/**
 * A person says yes to what was shown: the files are written, their texts accepted, and the open batch is told. Whoever is stopped
 * in between left files that `accept` takes up. Codes: home-unwritable, and those of writeChange and of order.
 */
export function acceptProposal(
  context: Context,
  site: Site,
  { item, waiting, change, items, before, typed }: PlannedProposal,
): Result<Ordered> {
  const { home } = context.env
  const made = ensureHome(home)
  if (!made.ok) return made
  const replaced = change.replaced !== null
  const removed = replaced ? [nameOf(item)] : []
  const written = typed ? ok(undefined) : writeChange(site.root, change, removed, before)
  if (!written.ok) return written
  for (const one of typed ? [] : items) {
    const accepted = acceptItem(home, site.root, one, context.clock())
    if (!accepted.ok) return accepted
  }
  const { attempt } = waiting
  return order(context, site, {
    kind: 'proposal',
    item: item.id,
    attempt,
    accepted: true,
    items: items.map((one) => ({ ...frozenItem(one), ...(typed ? { typed: true as const } : {}) })),
    replaced,
  })
}

/** A person says no: the item goes on as it is, and its next prompt says so. Codes: those of order. */
export function refuseProposal(context: Context, site: Site, item: string, attempt: number): Result<Ordered> {
  return order(context, site, {
    kind: 'proposal',
    item,
    attempt,
    accepted: false,
    items: [],
    replaced: false,
  })
}
