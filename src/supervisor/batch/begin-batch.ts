import { type Result, fail, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { moveHead } from '../../workspace/trees/head.ts'
import { openBatchLedger } from '../record/batch-ledger.ts'
import { nothingLearned } from '../judge/gates-at.ts'
import { checkCommit } from '../judge/check-commit.ts'
import type { NewBatchEvent } from '../record/events.ts'
import { type Opening, forgetOpening, planOpening } from './open.ts'
import { idsOf } from '../orders/order.ts'
import { batchId, batchPaths, refs, repoPaths } from './paths.ts'
import { itemReader } from '../decide/plan.ts'
import { forgetRequests } from '../orders/requests.ts'
import { type RunAsked, type RunEnded, type RunIo, settingsFor, signalsOf } from './run-asked.ts'
import type { Site } from './site.ts'
import type { BatchState } from '../record/state.ts'
import { supervised } from './supervise.ts'
import type { Ground } from '../world.ts'

/**
 * Opens a new batch once all that it needs is there and the gates pass on its base, and works through it. `landed`: the batch before, whose
 * head the base holds. Codes: base-red, gates-could-not-run, and those of planOpening.
 */
export async function begun(
  context: Context,
  site: Site,
  asked: RunAsked,
  io: RunIo,
  landed: BatchState | null = null,
): Promise<Result<RunEnded>> {
  // In a call that goes on and on they were left for this process.
  if (landed === null) forgetRequests(repoPaths(context.env.home, site.repoId).requests)
  const batch = batchId(context.clock(), context.newId())
  const paths = batchPaths(context.env.home, site.repoId, batch)
  const opening = await planOpening(context, site, batch, asked, landed)
  if (!opening.ok) return opening
  const { own, opened, config, settings } = opening.value
  const asks = settingsFor(settings, asked)
  if (!asks.ok) return asks
  const known = idsOf(new Map(opened.items.map((one) => [one.id, one])), asked.items)
  if (!known.ok) return known
  const signals = signalsOf(io)
  const ground: Ground = {
    context,
    own,
    opened,
    config,
    repo: repoPaths(context.env.home, site.repoId),
    batch: paths,
    watch: io.watch,
    signals,
  }
  const checked = await baseCheck(ground, opening.value)
  if (!checked.ok) {
    forgetOpening(paths.dir)
    return checked
  }
  const head = await moveHead(own, refs.head(batch), null, opened.base)
  if (!head.ok) return head
  const ledger = openBatchLedger(paths.ledger, context.clock, { type: 'batch-opened', data: opened }, io.seen)
  if (!ledger.ok) return ledger
  ledger.value.append(checked.value)
  return supervised({ ...ground, settings, ledger: ledger.value }, asked, io)
}

/** Red gates of the base keep a batch from being opened, unless items are there to mend exactly these. */
async function baseCheck(ground: Ground, { opened, config }: Opening): Promise<Result<NewBatchEvent>> {
  const checked = await checkCommit(ground, 'base', opened.base)
  if (!checked.ok) return checked
  const { red, couldNotRun, whyNot = {} } = checked.value
  if (couldNotRun.length > 0) return { ok: false, error: nothingLearned(opened.base, { whyNot }) }
  const read = itemReader(config)
  const mended = new Set(opened.items.flatMap((one) => read(one)?.mends ?? []))
  const left = red.filter((name) => !mended.has(name))
  if (left.length === 0) return ok({ type: 'checked', data: checked.value })
  return fail('base-red', `these gates fail before anybody has worked: ${left.join(', ')}`, {
    fix: 'mend them, or add an item with "mends"',
    data: { red: left },
  })
}
