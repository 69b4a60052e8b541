import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import type { Contract } from '../../contract/types.ts'
import type { CommandRecord } from '../../gates/command-record.ts'
import { gatesByPlace, roomGates } from '../../judging/room-gates.ts'
import { placeIn } from '../../ledger/paths.ts'
import { workspaceLook } from '../../workspace/look.ts'
import { checkoutAt } from '../../workspace/trees/checkout.ts'
import { frozenRun } from './freeze.ts'
import { portsOf } from './judge-tree.ts'
import type { BatchEventData } from '../record/events.ts'
import type { Ground } from '../world.ts'

/**
 * The final profile on a commit as it is, in the clean room: what a fresh checkout of it says. Codes: those of judgeTree, and those
 * of a workspace that cannot be looked at.
 */
export async function checkCommit(
  world: Ground,
  what: 'base' | 'head',
  commit: string,
): Promise<Result<BatchEventData['checked']>> {
  const { own, opened, config, batch } = world
  const checkout = await checkoutAt(own, commit)
  if (!checkout.ok) return checkout
  const root = path.join(checkout.value.dir, opened.prefix)
  const record = path.join('checked', commit)
  const place = placeIn(path.join(batch.dir, record))
  const run = await frozenRun(world, {
    place,
    root,
    person: path.join(opened.top, opened.prefix),
    contract: nothingAsked(world),
    item: what,
    attempt: 1,
    head: commit,
    since: 'now',
  })
  if (!run.ok) return run
  let layers: readonly string[] = []
  const ports = portsOf(world, place, run.value, world.signals.gates, (seen) => (layers = seen))
  const looking = workspaceLook(
    {
      root,
      tasks: [],
      baselines: run.value.activation.baselines,
      baselineDir: place.dir,
      leftByGates: [],
    },
    ports.workspace,
  )
  if (!looking.ok) return looking
  const seen = await looking.value()
  if (!seen.ok) return seen
  const said = await roomGates(run.value, ports, looking.value, seen.value, { watched: false, spare: false })
  if (world.signals.gates.aborted) return fail('interrupted', 'the gates were ended')
  const named = (isOne: (record: CommandRecord) => boolean): readonly string[] =>
    said.commands.filter(isOne).map((one) => one.name)
  const all = [...gatesByPlace(run.value, ports).inRoom, ...gatesByPlace(run.value, ports).inPlace]
  const passed = new Set(named((one) => one.outcome === 'passed'))
  const couldNotRun = named((one) => one.outcome === 'could-not-run')
  const red = all.map((one) => one.name).filter((name) => !passed.has(name) && !couldNotRun.includes(name))
  return ok({ what, commit, red, couldNotRun, record, layers })

  /** The contract of nobody: only the final profile counts. */
  function nothingAsked({ config: now }: Ground): Contract {
    return {
      version: 1,
      contractId: what,
      objective: what,
      mode: 'enforced',
      gateProfile: config.defaults.finalGateProfile,
      tasks: [],
      limits: { maxStopIterations: 1, maxRepeatedFailureSignature: 1 },
      policy: now.policy,
    }
  }
}
