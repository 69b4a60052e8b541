import fs from 'node:fs'
import { type Result, fail, ok } from '../../base/result.ts'
import { hashContract } from '../../contract/hash.ts'
import { filesInPart } from '../../contract/scope.ts'
import type { Contract } from '../../contract/types.ts'
import { wantsStartTests } from '../../contract/verify.ts'
import { definitionOfConfig } from '../../definition/in-place.ts'
import { captureBaseline } from '../../evidence/baseline.ts'
import { saveBaseline } from '../../evidence/baseline-file.ts'
import { namedPaths } from '../../evidence/named-paths.ts'
import { evidenceOptions } from '../../evidence/options.ts'
import type { Activation } from '../../ledger/events.ts'
import type { LedgerPlace } from '../../ledger/paths.ts'
import { startIn } from '../../ledger/start.ts'
import { type RunState, openRun } from '../../ledger/state.ts'
import { append, readRecord } from '../../ledger/store.ts'
import { copiesNow } from '../../control/copies.ts'
import { saveCopies } from '../../workspace/copied.ts'
import { readKept } from '../../workspace/kept.ts'
import type { Ground } from '../world.ts'

export interface Freezing {
  readonly place: LedgerPlace
  /** The checkout, or the part of it that the config is about. It stands at the head. */
  readonly root: string
  /** Where ignored files that gates need are read: the person's own checkout. */
  readonly person: string
  readonly contract: Contract
  readonly item: string
  readonly attempt: number
  readonly head: string
  /** What was frozen before it is not used again; `now`: whatever was frozen. */
  readonly since: number | 'now'
  /** Hash of the last event of that record which the batch knows of; null: of none. Absent where nothing is counted. */
  readonly known?: string | null
}

/**
 * The run by which trees are judged that are joined to this head: its start is the head. One that is open for something else is
 * closed, so that the record says which verdict rests on which. So is one whose last verdict the batch does not know of, because a
 * crash came between: the tree is judged again, and no check counts twice. Codes: those of captureBaseline, of collectDefinition and of the ledger.
 */
export async function frozenRun(world: Ground, freezing: Freezing): Promise<Result<RunState>> {
  const { context } = world
  const { place } = freezing
  const record = readRecord(place)
  if (!record.ok) return record
  const open = openRun(record.value.state)
  const isKnown =
    freezing.known === undefined || open?.lastStop === null || record.value.state.head === freezing.known
  if (isKnown && open?.status === 'active' && isFor(world, freezing, open)) return ok(open)
  if (open !== undefined) {
    const closed = append(place, context.clock, () =>
      ok([{ type: 'closed', data: { how: 'disabled', by: 'hook', reason: 'judged anew' } }]),
    )
    if (!closed.ok) return closed
  }
  const activation = await activationOf(world, freezing, record.value.state.runs.length + 1)
  if (!activation.ok) return activation
  const started = startIn(place, activation.value, context.clock())
  if (!started.ok) return started
  const run = openRun(started.value)
  return run ? ok(run) : fail('run-missing', 'the run was started and is not there')
}

/** Whether what is frozen is of this checkout and head, of this text and config, and not of a time when the head itself was red. */
function isFor(
  { opened }: Ground,
  { head, root, since, contract }: Freezing,
  { activation }: RunState,
): boolean {
  return (
    since !== 'now' &&
    activation.repoRoot === root &&
    activation.requestId === frozenFor(head, since) &&
    activation.contractHash === hashContract(contract) &&
    activation.configSha256 === opened.config.sha256
  )
}

const frozenFor = (head: string, since: number | 'now'): string =>
  since === 'now' ? head : `${head}:${since}`

async function activationOf(
  { context, config, opened }: Ground,
  { place, root, person, contract, item, attempt, head, since }: Freezing,
  nth: number,
): Promise<Result<Activation>> {
  fs.mkdirSync(place.dir, { recursive: true, mode: 0o700 })
  const options = evidenceOptions(context.env)
  const definition = definitionOfConfig(root, config, opened.gatePath)
  if (!definition.ok) return definition
  const baseline = await captureBaseline(root, namedPaths(contract.tasks), options, filesInPart(contract))
  if (!baseline.ok) return baseline
  const copied = await copiesNow(context, person, config)
  if (!copied.ok) return copied
  const kept = readKept(root, [baseline.value], { tests: wantsStartTests(config) })
  const { pins, steps } = definition.value
  return ok({
    // Begins with the batch, so that gates which a crash left are found.
    runId: `${opened.batch}-${item}-${attempt}-${nth}`,
    // Tells for which head this run judges.
    requestId: frozenFor(head, since),
    origin: { kind: 'attempt', batch: opened.batch, item, attempt },
    repoRoot: root,
    contract,
    contractHash: hashContract(contract),
    baselines: [saveBaseline(place.dir, baseline.value)],
    baselineLabel: 'own',
    config,
    configSha256: opened.config.sha256,
    configPath: opened.config.path,
    configElsewhere: true,
    pins,
    ...(Object.keys(steps).length === 0 ? {} : { steps }),
    ...(copied.value === null ? {} : { copied: saveCopies(place.dir, copied.value) }),
    ...(kept.length === 0 ? {} : { kept: saveCopies(place.dir, { files: kept, unmatched: [] }) }),
    gatePath: opened.gatePath,
  })
}
