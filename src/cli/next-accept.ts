import type { Context } from '../records/context.ts'
import { siteOf } from '../supervisor/batch/site.ts'
import { isOfBacklog } from '../supervisor/orders/item-files.ts'
import { openBatch } from '../supervisor/orders/order.ts'

/** What a person types next, so that items that were just written may run: an open batch has texts and a config of its own. */
export function nextToAccept(context: Context, root: string, isConfigNew: boolean): string {
  const site = siteOf(root)
  const open = site.ok ? openBatch(context, site.value) : site
  if (!open.ok || open.value === null || !isOfBacklog(open.value.state)) return 'autonomous-loop allow'
  return isConfigNew
    ? 'autonomous-loop allow --amend, then: autonomous-loop accept --all'
    : 'autonomous-loop accept --all'
}
