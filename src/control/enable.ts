import fs from 'node:fs'
import path from 'node:path'
import { type Failure, type Result, err, fail, ok } from '../base/result.ts'
import { namedPaths } from '../contract/named-paths.ts'
import { hasImplicitTask, refineContract } from '../contract/refine.ts'
import { hashContract } from '../contract/hash.ts'
import type { Task } from '../contract/types.ts'
import { captureBaseline } from '../evidence/baseline.ts'
import { loadBaseline, saveBaseline } from '../evidence/baseline-file.ts'
import { collectPins } from '../evidence/pins/index.ts'
import type { Baseline, Pin } from '../evidence/types.ts'
import { unmetAtBaseline } from '../evidence/unmet-at-baseline.ts'
import type { ActivationMode, Channel } from '../ledger/events.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { startRun } from '../ledger/start.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { append } from '../ledger/store.ts'
import { type EnableInput, buildActivation, readTasks } from './activation.ts'
import type { Context } from './context.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { type OpenPolicy, openPolicy, problemsFailure } from './policy.ts'

export interface EnableParts {
  readonly input: EnableInput
  readonly sessionId: string
  readonly root: string
  readonly mode: ActivationMode
  readonly armedBy: Channel
  readonly requestId: string
}

/** What a start rests on besides the request itself; a spooled or pending request brings its own. */
export interface Ground {
  readonly policy: OpenPolicy
  readonly pins: readonly Pin[]
  readonly baselines: readonly Baseline[]
  readonly baselineLabel: 'own' | 'agent-reported'
}

/** The ground as it is right now: approved config, its pins, a fresh baseline. */
export async function groundNow(
  context: Context,
  root: string,
  tasks: readonly Task[],
): Promise<Result<Ground>> {
  const policy = openPolicy(context.env.home, root)
  if (!policy.ok) return policy
  const pins = pinsOf(policy.value, root)
  if (!pins.ok) return pins
  const baseline = await captureBaseline(root, namedPaths(tasks), evidenceOptions(context.env))
  if (!baseline.ok) return baseline
  return ok({ policy: policy.value, pins: pins.value, baselines: [baseline.value], baselineLabel: 'own' })
}

export function pinsOf(policy: OpenPolicy, root: string): Result<readonly Pin[]> {
  return collectPins(root, Object.values(policy.config.commands), policy.approval.gatePath)
}

/** Starts a run on the given ground. Codes: invalid-contract, run-open, and those of the ledger. */
export function start(context: Context, parts: EnableParts, ground: Ground): Result<RunState> {
  const { home } = context.env
  const dir = sessionPaths(home, parts.sessionId).dir
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  const activation = buildActivation({
    ...parts,
    policy: ground.policy,
    pins: ground.pins,
    baselines: ground.baselines.map((baseline) => saveBaseline(dir, baseline)),
    baselineLabel: ground.baselineLabel,
  })
  if (!activation.ok) return activation
  const started = startRun(home, activation.value, context.clock())
  if (!started.ok) return started
  const run = openRun(started.value)
  return run ? ok(run) : fail('run-missing', 'the run was started and is not there')
}

/** Enables in a session that can be reached directly: starts a run, or refines the open one. */
export async function enable(
  context: Context,
  parts: EnableParts,
  open: RunState | undefined,
): Promise<Result<RunState>> {
  if (open) return refine(context, open, parts)
  const tasks = readTasks(parts.input.taskTexts)
  if (!tasks.ok) return tasks
  const ground = await groundNow(context, parts.root, tasks.value)
  return ground.ok ? start(context, parts, ground.value) : ground
}

/**
 * Adds tasks to an open run. The implicit T1 of a prompt-armed run gives way only when one of the new required path
 * evidences was still unmet at the start; otherwise it stays, so that a trivial task cannot replace "something changed".
 */
export async function refine(context: Context, run: RunState, parts: EnableParts): Promise<Result<RunState>> {
  const tasks = readTasks(parts.input.taskTexts)
  if (!tasks.ok) return tasks
  if (run.status === 'paused') return notWhile('paused')
  if (tasks.value.length === 0 && parts.input.gateProfile === null && parts.input.maxStopIterations === null)
    return fail(
      'run-open',
      `This session already has an open run: "${run.contract.objective}". Nothing was changed.`,
      {
        fix: 'add tasks with --task-json, or ask the person to end it with the prompt: autonomous-loop release',
        data: { run_id: run.runId, state: run.status },
      },
    )
  const replaceImplicit = hasImplicitTask(run.contract) && (await someUnmetAtStart(context, run, tasks.value))
  let failure: Failure | undefined
  const written = append(context.env.home, parts.sessionId, context.clock, (state) => {
    const now = openRun(state)
    if (!now || now.runId !== run.runId) return fail('run-closed', 'the run was closed meanwhile')
    const contract = refineContract(now.contract, tasks.value, {
      replaceImplicit,
      gateProfile: parts.input.gateProfile,
      maxStopIterations: parts.input.maxStopIterations,
      config: now.activation.config,
      weaker: parts.armedBy === 'agent' ? 'refuse' : 'allow',
    })
    if (!contract.ok) {
      failure = problemsFailure('invalid-contract', 'the contract', contract.error)
      return err(failure)
    }
    return ok([
      {
        type: 'refined',
        data: {
          contract: contract.value,
          contractHash: hashContract(contract.value),
          added: tasks.value,
          replacedT1: replaceImplicit,
          by: parts.armedBy,
          requestId: parts.requestId,
        },
      },
    ])
  })
  if (!written.ok) return written
  const after = openRun(written.value.state)
  return after ? ok(after) : fail('run-closed', 'the run was closed meanwhile')
}

async function someUnmetAtStart(context: Context, run: RunState, tasks: readonly Task[]): Promise<boolean> {
  const dir = sessionPaths(context.env.home, run.activation.sessionId).dir
  for (const sha of run.activation.baselines) {
    const baseline = loadBaseline(dir, sha)
    if (!baseline.ok) return false
    for (const task of tasks.filter((one) => one.required))
      for (const evidence of task.evidence)
        if (
          await unmetAtBaseline(
            run.activation.repoRoot,
            baseline.value,
            evidence,
            evidenceOptions(context.env),
          )
        )
          return true
  }
  return false
}

function notWhile(status: string): Result<never> {
  return fail('run-not-active', `The run of this session is ${status}.`, {
    fix: 'the person types the prompt: autonomous-loop resume',
  })
}

/** Absolute command of our CLI shim in the home; what every text for the agent names. */
export function cliPath(home: string): string {
  return path.join(home, 'bin', 'autonomous-loop')
}
