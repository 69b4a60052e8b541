import { type Result, err, fail, ok } from '../base/result.ts'
import { hashContract } from '../contract/hash.ts'
import { hasImplicitTask, refineContract } from '../contract/refine.ts'
import type { Contract, Task } from '../contract/types.ts'
import { loadBaseline } from '../evidence/baseline-file.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { protectsNothing } from '../evidence/protects-nothing.ts'
import { unmetAtBaseline } from '../evidence/unmet-at-baseline.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { append } from '../ledger/store.ts'
import type { Ask } from './activation.ts'
import type { Context } from '../records/context.ts'
import { problemsFailure } from '../records/policy.ts'

/** The contract after adding what is asked; every problem in one failure `invalid-contract`. Pure. */
function draftRefinement(run: RunState, ask: Ask, replaceImplicit: boolean): Result<Contract> {
  const contract = refineContract(run.contract, [], {
    taskTexts: ask.input.taskTexts,
    replaceImplicit,
    gateProfile: ask.input.gateProfile,
    maxStopIterations: ask.input.maxStopIterations,
    scope: ask.input.scope,
    config: run.activation.config,
    weaker: ask.armedBy === 'agent' ? 'refuse' : 'allow',
  })
  return contract.ok ? contract : err(problemsFailure('invalid-contract', 'the contract', contract.error))
}

/** What refining comes to now; the baselines say whether the implicit task gives way. */
export async function draftNow(
  context: Context,
  sessionId: string,
  run: RunState,
  ask: Ask,
): Promise<Result<{ readonly contract: Contract; readonly replaceImplicit: boolean }>> {
  const first = draftRefinement(run, ask, true)
  if (!first.ok) return first
  const { dir } = sessionPaths(context.env.home, sessionId)
  const replaceImplicit =
    hasImplicitTask(run.contract) && (await someUnmetAtStart(context, dir, run, first.value.tasks))
  const contract = replaceImplicit ? first : draftRefinement(run, ask, false)
  return contract.ok ? ok({ contract: contract.value, replaceImplicit }) : contract
}

/**
 * Adds tasks to an open run. The implicit T1 of a prompt-armed run gives way only when one of the new required path
 * evidences was still unmet at the start; otherwise it stays, so that a trivial task cannot replace "something changed".
 * Codes: invalid-contract, run-open (nothing was asked for), run-not-active, run-closed.
 */
export async function refine(
  context: Context,
  run: RunState,
  ask: Ask & { readonly sessionId: string },
): Promise<Result<RunState>> {
  const { input } = ask
  if (run.status === 'paused')
    return fail('run-not-active', 'The run of this session is paused.', {
      fix: 'the person types the prompt: autonomous-loop resume',
    })
  if (input.taskTexts.length === 0 && input.gateProfile === null && input.maxStopIterations === null)
    return fail(
      'run-open',
      `This session already has an open run: "${run.contract.objective}". Nothing was changed.`,
      {
        fix: 'add tasks with --task-json, or ask the person to end it with the prompt: autonomous-loop waive',
        data: { run_id: run.runId, state: run.status },
      },
    )
  const drafted = await draftNow(context, ask.sessionId, run, ask)
  if (!drafted.ok) return drafted
  const { replaceImplicit } = drafted.value
  const known = new Set(run.contract.tasks.map((task) => task.id))
  const empty = await protectsNothing(
    run.activation.repoRoot,
    baselinesOf(sessionPaths(context.env.home, ask.sessionId).dir, run).flatMap((one) =>
      one.ok ? [one.value] : [],
    ),
    drafted.value.contract.tasks.filter((task) => !known.has(task.id)),
    evidenceOptions(context.env),
  )
  const written = append(sessionPaths(context.env.home, ask.sessionId), context.clock, (state) => {
    const now = openRun(state)
    if (!now || now.runId !== run.runId) return fail('run-closed', 'the run was closed meanwhile')
    const contract = draftRefinement(now, ask, replaceImplicit)
    if (!contract.ok) return contract
    const before = new Set(now.contract.tasks.map((task) => task.id))
    const added = contract.value.tasks.filter((task) => !before.has(task.id))
    const ofAdded = empty.filter((ref) => added.some((task) => task.id === ref.taskId))
    return ok([
      {
        type: 'refined',
        data: {
          contract: contract.value,
          contractHash: hashContract(contract.value),
          added,
          replacedT1: replaceImplicit,
          ...(ofAdded.length > 0 ? { protectsNothing: ofAdded } : {}),
          by: ask.armedBy,
          requestId: ask.requestId,
        },
      },
    ])
  })
  if (!written.ok) return written
  const after = openRun(written.value.state)
  return after ? ok(after) : fail('run-closed', 'the run was closed meanwhile')
}

/** Some required evidence was unmet at every baseline: one of them alone may be the agent's own report. */
async function someUnmetAtStart(
  context: Context,
  dir: string,
  run: RunState,
  tasks: readonly Task[],
): Promise<boolean> {
  const { repoRoot } = run.activation
  const options = evidenceOptions(context.env)
  const baselines = baselinesOf(dir, run)
  for (const evidence of tasks.filter((task) => task.required).flatMap((task) => task.evidence)) {
    let unmet = baselines.length > 0
    for (const baseline of baselines)
      unmet &&= baseline.ok && (await unmetAtBaseline(repoRoot, baseline.value, evidence, options))
    if (unmet) return true
  }
  return false
}

function baselinesOf(dir: string, run: RunState): readonly ReturnType<typeof loadBaseline>[] {
  return run.activation.baselines.map((sha) => loadBaseline(dir, sha))
}
