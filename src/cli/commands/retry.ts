import { type Result, fail, ok } from '../../base/result.ts'
import { idsOf, needOpenBatch, order } from '../../supervisor/orders/order.ts'
import type { BatchState } from '../../supervisor/record/state.ts'
import { command, cwdFlag } from '../command.ts'
import { done } from '../outcome.ts'
import { personSite } from '../person-site.ts'
import { chosenBy, noneOrBoth, someOrAll } from '../some-or-all.ts'

/** `retry`: parked items are open again, with fresh limits. */
export const retry = command({
  flags: { ...cwdFlag, ...someOrAll.flags },
  many: someOrAll.many,
  usage: noneOrBoth,
  run: (args, { context }) => {
    const site = personSite(context, 'retry', args.cwd)
    if (!site.ok) return site
    const found = needOpenBatch(context, site.value)
    if (!found.ok) return found
    const items = parkedOf(found.value.state, chosenBy(args))
    if (!items.ok) return items
    const ordered = order(context, site.value, { kind: 'retry', items: items.value })
    if (!ordered.ok) return ordered
    const running = ordered.value.by === 'running'
    return ok(
      done({ ok: true, action: 'retry', items: items.value, running }, () => [
        `${items.value.join(', ')}: open again, with fresh limits.`,
        running ? 'The batch that runs takes them up.' : 'Next: autonomous-loop run',
      ]),
    )
  },
})

/** Code: no-item. */
function parkedOf(state: BatchState, chosen: readonly string[] | 'all'): Result<readonly string[]> {
  const parked = [...state.items].flatMap(([id, { standing }]) => (standing.kind === 'parked' ? [id] : []))
  if (chosen === 'all')
    return parked.length > 0
      ? ok(parked)
      : fail('no-item', 'no item is parked', { fix: 'autonomous-loop status --batch' })
  const ids = idsOf(state.items, chosen)
  if (!ids.ok) return ids
  const other = ids.value.find((id) => !parked.includes(id))
  return other === undefined
    ? ids
    : fail('no-item', `item ${other} is not parked: it is ${state.items.get(other)?.standing.kind}`, {
        fix: 'autonomous-loop status --batch',
      })
}
