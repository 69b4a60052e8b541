import { type Result, err } from '../base/result.ts'
import type { Sha256 } from '../base/hash.ts'
import { buildContract } from '../contract/build.ts'
import { hashContract } from '../contract/hash.ts'
import type { Contract } from '../contract/types.ts'
import type { FrozenSteps } from '../contract/steps.ts'
import type { FrozenCopies } from '../definition/frozen.ts'
import type { Pin } from '../definition/types.ts'
import type { DefinitionChange } from '../definition/drift.ts'
import type { EvidenceRef } from '../evidence/types.ts'
import type { ActivationMode, Channel, SessionActivation } from '../ledger/events.ts'
import { type OpenPolicy, problemsFailure } from '../records/policy.ts'

/** What somebody asks for; the texts are as typed. */
export interface EnableInput {
  readonly objective: string
  readonly taskTexts: readonly string[]
  readonly gateProfile: string | null
  readonly maxStopIterations: number | null
  /** Narrows the scope of the config; absent: nothing does. */
  readonly scope?: readonly string[] | null
}

/** Who asks for what, under which id. */
export interface Ask {
  readonly input: EnableInput
  readonly armedBy: Channel
  readonly requestId: string
}

/** The contract a request comes to under this policy; every problem of tasks and limits in one failure `invalid-contract`. Pure. */
export function draftContract(ask: Ask, policy: OpenPolicy): Result<Contract> {
  const contract = buildContract({
    contractId: ask.requestId,
    objective: ask.input.objective,
    tasks: [],
    taskTexts: ask.input.taskTexts,
    gateProfile: ask.input.gateProfile,
    maxStopIterations: ask.input.maxStopIterations,
    scope: ask.input.scope,
    config: policy.config,
    weaker: ask.armedBy === 'agent' ? 'refuse' : 'allow',
  })
  return contract.ok ? contract : err(problemsFailure('invalid-contract', 'the contract', contract.error))
}

/** Freezes a contract into the event that starts a run. Pure. */
export function buildActivation(
  parts: Ask & {
    readonly contract: Contract
    readonly policy: OpenPolicy
    readonly pins: readonly Pin[]
    readonly steps: FrozenSteps
    readonly copied: FrozenCopies | null
    readonly kept: FrozenCopies | null
    readonly host?: 'claude'
    readonly sessionId: string
    readonly root: string
    readonly mode: ActivationMode
    readonly baselines: readonly Sha256[]
    readonly baselineLabel: 'own' | 'agent-reported'
    readonly changedBefore: readonly DefinitionChange[]
    readonly protectsNothing: readonly EvidenceRef[]
  },
): SessionActivation {
  const { policy, contract } = parts
  return {
    runId: parts.requestId,
    origin: {
      kind: 'session',
      ...(parts.host === undefined ? {} : { host: parts.host }),
      sessionId: parts.sessionId,
      mode: parts.mode,
      armedBy: parts.armedBy,
    },
    repoRoot: parts.root,
    contract,
    contractHash: hashContract(contract),
    requestId: parts.requestId,
    baselines: parts.baselines,
    baselineLabel: parts.baselineLabel,
    config: policy.config,
    configSha256: policy.approval.sha256,
    configPath: policy.approval.path,
    pins: parts.pins,
    ...(Object.keys(parts.steps).length === 0 ? {} : { steps: parts.steps }),
    ...(parts.copied === null ? {} : { copied: parts.copied }),
    ...(parts.kept === null ? {} : { kept: parts.kept }),
    gatePath: policy.approval.gatePath,
    ...(parts.changedBefore.length > 0 ? { changedBefore: parts.changedBefore } : {}),
    ...(parts.protectsNothing.length > 0 ? { protectsNothing: parts.protectsNothing } : {}),
  }
}
