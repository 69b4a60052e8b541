import { type Result, err, ok } from '../base/result.ts'
import type { Sha256 } from '../base/hash.ts'
import { buildContract } from '../contract/build.ts'
import { hashContract } from '../contract/hash.ts'
import { parseTasks } from '../contract/tasks.ts'
import type { Task } from '../contract/types.ts'
import type { Pin } from '../evidence/types.ts'
import type { Activation, ActivationMode, Channel } from '../ledger/events.ts'
import { type OpenPolicy, problemsFailure } from './policy.ts'

/** What somebody asks for; the texts are as typed. */
export interface EnableInput {
  readonly objective: string
  readonly taskTexts: readonly string[]
  readonly gateProfile: string | null
  readonly maxStopIterations: number | null
}

/** `--task-json` texts as tasks; every problem in one failure `invalid-contract`. */
export function readTasks(texts: readonly string[]): Result<readonly Task[]> {
  const tasks = parseTasks(texts)
  return tasks.ok ? tasks : err(problemsFailure('invalid-contract', '--task-json', tasks.error))
}

/** Freezes a contract into the event that starts a run. Pure; problems come as one failure `invalid-contract`. */
export function buildActivation(parts: {
  readonly input: EnableInput
  readonly policy: OpenPolicy
  readonly pins: readonly Pin[]
  readonly sessionId: string
  readonly root: string
  readonly mode: ActivationMode
  readonly armedBy: Channel
  readonly requestId: string
  readonly baselines: readonly Sha256[]
  readonly baselineLabel: 'own' | 'agent-reported'
}): Result<Activation> {
  const { input, policy } = parts
  const tasks = readTasks(input.taskTexts)
  if (!tasks.ok) return tasks
  const contract = buildContract({
    contractId: parts.requestId,
    objective: input.objective,
    tasks: tasks.value,
    gateProfile: input.gateProfile,
    maxStopIterations: input.maxStopIterations,
    config: policy.config,
    weaker: parts.armedBy === 'agent' ? 'refuse' : 'allow',
  })
  if (!contract.ok) return err(problemsFailure('invalid-contract', 'the contract', contract.error))
  return ok({
    runId: parts.requestId,
    sessionId: parts.sessionId,
    repoRoot: parts.root,
    contract: contract.value,
    contractHash: hashContract(contract.value),
    activationMode: parts.mode,
    armedBy: parts.armedBy,
    requestId: parts.requestId,
    baselines: parts.baselines,
    baselineLabel: parts.baselineLabel,
    config: policy.config,
    configSha256: policy.approval.sha256,
    configPath: policy.approval.path,
    pins: parts.pins,
    gatePath: policy.approval.gatePath,
  })
}
