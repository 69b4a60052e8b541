import { type Result, fail, ok } from '../../base/result.ts'
import type { FoundBatch } from '../../supervisor/batch/find-batch.ts'
import { idsOf, needOpenBatch, order } from '../../supervisor/orders/order.ts'
import { comingAfter } from '../../supervisor/orders/coming-after.ts'
import { confirm } from '../ask.ts'
import { type Io, command, cwdFlag } from '../command.ts'
import { type CliOutcome, declined, done } from '../outcome.ts'
import { personSite } from '../person-site.ts'

/** `drop`: takes items out of the open batch. Those that wait for them go with them, which is asked about. */
export const drop = command({
  flags: {
    ...cwdFlag,
    'with-dependants': { type: 'boolean', describe: 'also the items that wait for these' },
  },
  words: { item: 'number of an item, as 003' },
  many: { more: 'further numbers' },
  run: async (args, io): Promise<Result<CliOutcome>> => {
    const { context } = io
    const site = personSite(context, 'drop', args.cwd)
    if (!site.ok) return site
    const found = needOpenBatch(context, site.value)
    if (!found.ok) return found
    const ids = openIds(found.value, [args.item, ...args.more])
    if (!ids.ok) return ids
    const dependants = dependantsOf(found.value, ids.value)
    if (!dependants.ok) return dependants
    if (dependants.value.length > 0 && args['with-dependants'] !== true) {
      const agreed = await agree(io, ids.value, dependants.value)
      if (!agreed.ok) return agreed
      if (!agreed.value) return ok(declined('drop', 'Nothing was dropped.'))
    }
    const ordered = order(context, site.value, {
      kind: 'drop',
      items: [...ids.value, ...dependants.value],
    })
    if (!ordered.ok) return ordered
    const all = [...ids.value, ...dependants.value]
    const running = ordered.value.by === 'running'
    return ok(
      done({ ok: true, action: 'drop', items: all, running }, () => [
        running
          ? `The batch that runs drops ${all.join(', ')}, unless its work is on the way into the head already.`
          : `${all.join(', ')}: dropped. What attempts had made of ${all.length === 1 ? 'it' : 'them'} is kept.`,
        ...(running ? [] : ['Next: autonomous-loop run']),
      ]),
    )
  },
})

/** Code: no-item. */
function openIds({ state }: FoundBatch, typed: readonly string[]): Result<readonly string[]> {
  const ids = idsOf(state.items, typed)
  if (!ids.ok) return ids
  const over = ids.value.find((id) => ['done', 'dropped'].includes(state.items.get(id)?.standing.kind ?? ''))
  return over === undefined
    ? ids
    : fail('no-item', `item ${over} is ${state.items.get(over)?.standing.kind} already`, {
        fix: 'autonomous-loop status --batch',
      })
}

/** Items that wait for one of these, by whatever way, and are not over. */
function dependantsOf({ state }: FoundBatch, ids: readonly string[]): Result<readonly string[]> {
  const waiters = comingAfter(state, ids)
  if (!waiters.ok) return waiters
  return ok(
    waiters.value.filter((one) => one.state !== 'done' && one.state !== 'dropped').map((one) => one.id),
  )
}

function agree(
  { interactive }: Io,
  ids: readonly string[],
  dependants: readonly string[],
): Promise<Result<boolean>> {
  const words = `${dependants.join(', ')} ${dependants.length === 1 ? 'waits' : 'wait'} for ${ids.join(', ')}`
  if (interactive) return confirm(`${words}. Drop all of them?`, 'nothing was dropped')
  return Promise.resolve(
    fail('has-dependants', `${words} and would never start`, {
      fix: `autonomous-loop drop ${ids.join(' ')} --with-dependants`,
      data: { dependants },
    }),
  )
}
