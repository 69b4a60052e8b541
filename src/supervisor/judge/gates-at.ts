import path from 'node:path'
import { type Failure, type Result, fail, ok } from '../../base/result.ts'
import type { Contract } from '../../contract/types.ts'
import type { EvidenceFact } from '../../evidence/found.ts'
import { gatesByPlace, roomGates } from '../../judging/room-gates.ts'
import { placeIn } from '../../ledger/paths.ts'
import { workspaceLook } from '../../workspace/look.ts'
import { checkoutAt } from '../../workspace/trees/checkout.ts'
import type { Ground } from '../world.ts'
import type { GateSaid } from '../record/events.ts'
import { gateSaid } from '../record/gate-said.ts'
import { frozenRun } from './freeze.ts'
import { portsOf } from './judge-tree.ts'

export interface AskedAt {
  /** Whose word the record is: `base`, `head`, or what asks. */
  readonly item: string
  /** Where the record lies, relative to the batch. */
  readonly record: string
  readonly commit: string
  readonly contract: Contract
}

/** What a commit says as it is. */
export interface GatesAt {
  /** Names of the commands that the contract asks for, by how they ended. Not run to the end counts as red. */
  readonly passed: readonly string[]
  readonly red: readonly string[]
  readonly couldNotRun: readonly string[]
  /** What kept each of these from running, by name, and what mends it. */
  readonly whyNot: Readonly<Record<string, string>>
  readonly fix: string | null
  /** Held against that very commit, so nothing has changed. */
  readonly evidence: readonly EvidenceFact[]
  readonly layers: readonly string[]
  /** Everything that was run, in its order. */
  readonly gates: readonly GateSaid[]
}

/**
 * The gates and the evidence of a contract on a commit, in a fresh checkout of it and the clean room. Codes: interrupted, those of
 * judgeTree, and those of a workspace that cannot be looked at.
 */
export async function gatesAt(
  world: Ground,
  { item, record, commit, contract }: AskedAt,
): Promise<Result<GatesAt>> {
  const { own, opened, batch, signals } = world
  const checkout = await checkoutAt(own, commit)
  if (!checkout.ok) return checkout
  const root = path.join(checkout.value.dir, opened.prefix)
  const place = placeIn(path.join(batch.dir, record))
  const person = path.join(opened.top, opened.prefix)
  const freezing = { place, root, person, contract, item, attempt: 1, head: commit, since: 'now' } as const
  const run = await frozenRun(world, freezing)
  if (!run.ok) return run
  let layers: readonly string[] = []
  const ports = portsOf(world, place, run.value, signals.gates, (seen) => (layers = seen))
  const looking = workspaceLook(
    {
      root,
      tasks: contract.tasks,
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
  if (signals.gates.aborted) return fail('interrupted', 'the gates were ended')
  const outcomes = new Map(said.commands.map((one) => [one.name, one.outcome]))
  const { inRoom, inPlace } = gatesByPlace(run.value, ports)
  const names = [...inRoom, ...inPlace].map((one) => one.name)
  const stuck = said.commands.filter((one) => one.outcome === 'could-not-run')
  return ok({
    passed: names.filter((one) => outcomes.get(one) === 'passed'),
    red: names.filter((one) => !['passed', 'could-not-run'].includes(outcomes.get(one) ?? '')),
    couldNotRun: stuck.map((one) => one.name),
    whyNot: Object.fromEntries(stuck.map((one) => [one.name, one.why ?? ''])),
    fix: stuck.find((one) => one.fix !== null)?.fix ?? null,
    evidence: seen.value.evidence,
    layers,
    gates: said.commands.filter((one) => one.prepares === undefined).map(gateSaid),
  })
}

/** Nothing was learned about a commit, and why. */
export function nothingLearned(
  commit: string,
  { whyNot, fix }: Pick<GatesAt, 'whyNot'> & { readonly fix?: string | null },
): Failure {
  const each = Object.entries(whyNot).map(([name, why]) => (why === '' ? name : `${name} (${why})`))
  return fail(
    'gates-could-not-run',
    `these commands could not run on ${commit.slice(0, 12)}: ${each.join(', ')}`,
    { fix: fix ?? 'autonomous-loop allow --measure' },
  ).error
}
