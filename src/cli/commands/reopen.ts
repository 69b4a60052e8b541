import { type Result, fail, ok } from '../../base/result.ts'
import { type FoundBatch, newestBatch } from '../../supervisor/batch/find-batch.ts'
import { idsOf, order } from '../../supervisor/orders/order.ts'
import { comingAfter } from '../../supervisor/orders/coming-after.ts'
import { command, cwdFlag } from '../command.ts'
import { done } from '../outcome.ts'
import { personSite } from '../person-site.ts'

/** `reopen`: items that are done are open again. What they did stays in the head, and what came after them stays as it is. */
export const reopen = command({
  flags: cwdFlag,
  words: { item: 'number of an item, as 003' },
  many: { more: 'further numbers' },
  run: (args, { context }) => {
    const site = personSite(context, 'reopen', args.cwd)
    if (!site.ok) return site
    const found = newestBatch(context.env.home, site.value.repoId)
    if (!found.ok) return found
    if (found.value === null)
      return fail('batch-missing', 'this repository has no batch', { fix: 'autonomous-loop run' })
    const items = doneOf(found.value, [args.item, ...args.more])
    if (!items.ok) return items
    const left = comingAfter(found.value.state, items.value)
    if (!left.ok) return left
    const ordered = order(context, site.value, { kind: 'reopen', items: items.value })
    if (!ordered.ok) return ordered
    const running = ordered.value.by === 'running'
    return ok(
      done({ ok: true, action: 'reopen', items: items.value, untouched: left.value, running }, () => [
        `${items.value.join(', ')}: open again. The head keeps what was done.`,
        ...(left.value.length === 0
          ? []
          : [
              `These come after, and stay as they are: ${left.value.map((one) => `${one.id} (${one.state})`).join(', ')}`,
            ]),
        running ? 'The batch that runs takes them up.' : 'Next: autonomous-loop run',
      ]),
    )
  },
})

/** Code: no-item. */
function doneOf({ state }: FoundBatch, typed: readonly string[]): Result<readonly string[]> {
  const ids = idsOf(state.items, typed)
  if (!ids.ok) return ids
  const other = ids.value.find((id) => state.items.get(id)?.standing.kind !== 'done')
  return other === undefined
    ? ids
    : fail('no-item', `item ${other} is not done: it is ${state.items.get(other)?.standing.kind}`, {
        fix: 'autonomous-loop status --batch',
      })
}
