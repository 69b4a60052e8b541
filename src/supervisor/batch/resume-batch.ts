import type { Result } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { recoverLand } from '../../workspace/trees/land.ts'
import { openBatchLedger } from '../record/batch-ledger.ts'
import { checkCommit } from '../judge/check-commit.ts'
import type { FoundBatch } from './find-batch.ts'
import { settledConfig } from './open.ts'
import { repoPaths } from './paths.ts'
import { approvedSince, takenIn } from '../orders/approved-since.ts'
import { takeInRequests } from '../orders/requests.ts'
import { type RunAsked, type RunEnded, type RunIo, signalsOf } from './run-asked.ts'
import { type Site, ownOf } from './site.ts'
import { supervised } from './supervise.ts'
import type { Ground } from '../world.ts'

/** Goes on with a batch as its ledger tells it. Codes: those of the ledger, of settledConfig, of ownOf and of checkCommit. */
export async function resumed(
  context: Context,
  site: Site,
  { paths, read }: FoundBatch,
  asked: RunAsked,
  io: RunIo,
): Promise<Result<RunEnded>> {
  const ledger = openBatchLedger(paths.ledger, context.clock, null, io.seen, read)
  if (!ledger.ok) return ledger
  const repo = repoPaths(context.env.home, site.repoId)
  // What a config says is read once, so what a person accepted since then comes first.
  takeInRequests(
    ledger.value,
    repo.requests,
    () => [],
    // Whoever runs the loop ends by it.
    (one) => one.kind !== 'stop',
  )
  if (asked.continuous !== null) {
    const items = approvedSince(context, site, ledger.value.state())
    if (items.length > 0) ledger.value.append(...takenIn(items, ledger.value.state()))
  }
  const { repoId, top } = site
  if (asked.adopt && ledger.value.state().opened.top !== top)
    ledger.value.append({ type: 'adopted', data: { repoId, top } })
  const { opened } = ledger.value.state()
  const settled = settledConfig(opened.config.text, opened.config.path)
  if (!settled.ok) return settled
  const own = await ownOf(context, site, opened.gatePath, asked.adopt)
  if (!own.ok) return own
  // One that was cut short keeps the person's indexes locked.
  const landed = await recoverLand(own.value)
  if (!landed.ok) return landed
  const ground: Ground = {
    context,
    own: own.value,
    opened,
    config: settled.value.config,
    repo,
    batch: paths,
    watch: io.watch,
    signals: signalsOf(io),
  }
  const { green, red, begun } = ledger.value.state()
  // A crash came between the opening and what was seen of the base, or another config asks for other gates.
  if (green === null && red.length === 0 && begun === 0) {
    const checked = await checkCommit(ground, 'base', opened.base)
    if (!checked.ok) return checked
    ledger.value.append({ type: 'checked', data: checked.value })
  }
  return supervised({ ...ground, settings: settled.value.settings, ledger: ledger.value }, asked, io)
}
