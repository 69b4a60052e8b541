import fs from 'node:fs'
import type { Sha256 } from '../base/hash.ts'
import { systemWords } from '../base/system-words.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { workspaceOf } from '../codex/find-codex.ts'
import { namedPaths } from '../evidence/named-paths.ts'
import { protectsNothing } from '../evidence/protects-nothing.ts'
import { captureBaseline } from '../evidence/baseline.ts'
import { saveBaseline } from '../evidence/baseline-file.ts'
import type { FrozenCopies } from '../definition/frozen.ts'
import { definitionOfConfig } from '../definition/in-place.ts'
import type { FrozenSteps } from '../contract/steps.ts'
import type { Pin } from '../definition/types.ts'
import type { Baseline } from '../evidence/types.ts'
import type { ActivationMode } from '../ledger/events.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { startRun } from '../ledger/start.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { type Ask, buildActivation, draftContract } from './activation.ts'
import { copiesNow } from './copies.ts'
import { type Copied, saveCopies } from '../workspace/copied.ts'
import { readKept } from '../workspace/kept.ts'
import { changedBefore } from './changed-before.ts'
import { filesInPart } from '../contract/scope.ts'
import type { Context } from '../records/context.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { checkPlaces } from '../records/places.ts'
import { usesCleanRoom, wantsStartTests } from '../contract/verify.ts'
import { type OpenPolicy, openPolicy } from '../records/policy.ts'
import { needPreflight } from '../records/need-preflight.ts'
import { trySandbox } from '../records/sandbox-launcher.ts'
import { refine } from './refine.ts'

export interface EnableParts extends Ask {
  /** Absent: Codex's session. */
  readonly host?: 'claude'
  readonly sessionId: string
  readonly root: string
  readonly mode: ActivationMode
}

/** What a start rests on besides the request itself; a spooled or pending request brings its own. */
export interface EnableGround {
  readonly policy: OpenPolicy
  readonly pins: readonly Pin[]
  /** Absent in records of an older version. */
  readonly steps?: FrozenSteps
  readonly baselines: readonly Baseline[]
  /** Absent where the clean room gets no ignored files. */
  readonly copied?: Copied
  readonly baselineLabel: 'own' | 'agent-reported'
}

/** The ground as it is right now: approved config, its pins, a fresh baseline. */
export async function groundNow(context: Context, root: string, ask: Ask): Promise<Result<EnableGround>> {
  const policy = openPolicy(context.env.home, root)
  if (!policy.ok) return policy
  const contract = draftContract(ask, policy.value)
  if (!contract.ok) return contract
  const definition = definitionOf(policy.value, root)
  if (!definition.ok) return definition
  const gated = contract.value.policy.sandbox === 'on' && Object.keys(policy.value.config.commands).length > 0
  const sandbox = gated ? trySandbox(context, root) : ok(true)
  if (!sandbox.ok) return sandbox
  const baseline = await captureBaseline(
    root,
    namedPaths(contract.value.tasks),
    evidenceOptions(context.env),
    filesInPart(contract.value),
  )
  if (!baseline.ok) return baseline
  const copied = await copiesNow(context, root, policy.value.config)
  if (!copied.ok) return copied
  return ok({
    policy: policy.value,
    ...definition.value,
    baselines: [baseline.value],
    ...(copied.value === null ? {} : { copied: copied.value }),
    baselineLabel: 'own',
  })
}

export function definitionOf(policy: OpenPolicy, root: string): ReturnType<typeof definitionOfConfig> {
  return definitionOfConfig(root, policy.config, policy.approval.gatePath)
}

/** Starts a run on the given ground. Codes: invalid-contract, run-open, home-unwritable, those of checkPlaces and of the ledger. */
export async function start(
  context: Context,
  parts: EnableParts,
  ground: EnableGround,
): Promise<Result<RunState>> {
  const { home } = context.env
  const places = checkPlaces(context.env, process.execPath, workspaceOf(parts.root))
  if (!places.ok) return places
  const contract = draftContract(parts, ground.policy)
  if (!contract.ok) return contract
  const empty = await protectsNothing(
    parts.root,
    ground.baselines,
    contract.value.tasks,
    evidenceOptions(context.env),
  )
  const dir = sessionPaths(home, parts.sessionId).dir
  const kept = keepGround(dir, parts.root, ground)
  if (!kept.ok) return kept
  const activation = buildActivation({
    ...parts,
    contract: contract.value,
    policy: ground.policy,
    pins: ground.pins,
    steps: ground.steps ?? {},
    ...kept.value,
    baselineLabel: ground.baselineLabel,
    protectsNothing: empty,
    changedBefore: changedBefore(home, parts.sessionId, parts.root, ground.policy.approval, ground.pins),
  })
  const started = startRun(home, activation, context.clock())
  if (!started.ok) return started
  needPreflight(context, parts.root, ground.policy.config)
  const run = openRun(started.value)
  return run ? ok(run) : fail('run-missing', 'the run was started and is not there')
}

interface KeptGround {
  readonly baselines: readonly Sha256[]
  readonly copied: FrozenCopies | null
  readonly kept: FrozenCopies | null
}

function keepGround(
  dir: string,
  root: string,
  { baselines, copied, policy }: EnableGround,
): Result<KeptGround> {
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    const files = usesCleanRoom(policy.config)
      ? readKept(root, baselines, { tests: wantsStartTests(policy.config) })
      : []
    return ok({
      baselines: baselines.map((baseline) => saveBaseline(dir, baseline)),
      copied: copied === undefined ? null : saveCopies(dir, copied),
      kept: files.length === 0 ? null : saveCopies(dir, { files, unmatched: [] }),
    })
  } catch (error) {
    return fail('home-unwritable', `${dir} could not be written: ${systemWords(error)}`)
  }
}

/** Enables in a session that can be reached directly: starts a run, or refines the open one. */
export async function enable(
  context: Context,
  parts: EnableParts,
  open: RunState | undefined,
): Promise<Result<RunState>> {
  if (open) return refine(context, open, parts)
  const ground = await groundNow(context, parts.root, parts)
  return ground.ok ? start(context, parts, ground.value) : ground
}
