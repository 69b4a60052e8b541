import { type Result, ok } from '../../base/result.ts'
import { type Allowance, applyAllow, planAllow } from '../../control/allow.ts'
import { amend } from '../../control/amend.ts'
import type { Context } from '../../records/context.ts'
import { lookAtDefinition } from '../../definition/look.ts'
import { findRenewedPath } from '../../control/renewed-path.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { openMarkers } from '../../ledger/held.ts'
import { openRun } from '../../ledger/state.ts'
import { readSession } from '../../ledger/store.ts'
import { amendBatch, batchConfigIs } from '../../supervisor/orders/amend-batch.ts'
import { askAmend } from '../ask-amend.ts'
import { mayChangeSetup } from '../asker.ts'
import { type Io, command } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { measureConfig } from '../measure-config.ts'
import { type CliOutcome, done, interruptedCode } from '../outcome.ts'
import { type DriftedRun, allowAnswer, allowDoc } from '../render/allow.ts'
import { allowedBatchDoc } from '../render/allow-batch.ts'
import { failureOutcome } from '../render/failure.ts'
import { measuredConfigAnswer, measuredConfigDoc } from '../render/measured-config.ts'

/** `allow`: shows what approving a repository's config means, and approves exactly its present content. For the person. */
export const allow = command({
  flags: {
    repo: { type: 'string', value: 'dir', describe: 'the repository (default: here)' },
    amend: { type: 'boolean', describe: 'accept it for open runs and the open batch of the repository too' },
    measure: {
      type: 'boolean',
      describe: 'only run each command, in a clean room first, and show which lines of the config would fit',
    },
    'dry-run': { type: 'boolean', describe: 'only show what would be approved' },
  },
  usage: ({ measure, amend: amends }) =>
    measure === true && amends === true
      ? '--measure approves nothing, so it does not go with --amend'
      : undefined,
  run: async (args, io) => {
    const { context } = io
    const dry = args['dry-run'] === true
    const allowed = dry ? ok(true as const) : mayChangeSetup(context, 'allow', false)
    if (!allowed.ok) return allowed
    const repo = directoryOf(context.env, args.repo)
    if (!repo.ok) return repo
    const plan = planAllow(context, repo.value)
    if (!plan.ok) return plan
    if (args.measure === true) return measured(io, plan.value)
    if (!dry) {
      const approved = applyAllow(context, plan.value)
      if (!approved.ok) return approved
    }
    const root = findRepoRoot(repo.value)
    const { approval } = plan.value
    const batch =
      args.amend === true && !dry
        ? amendBatch(context, repo.value, approval)
        : batchConfigIs(context, repo.value, approval)
    if (!batch.ok) return batch
    const runs = await settleRuns(
      io,
      plan.value,
      driftedRuns(context, root),
      args.amend === true && !dry,
      dry,
    )
    if (!runs.ok) return runs
    return ok(
      done({ ...allowAnswer(root, plan.value, runs.value, dry), open_batch: batch.value }, () => [
        ...allowDoc(root, plan.value, runs.value, dry),
        ...(dry ? [] : allowedBatchDoc(batch.value, repo.value)),
      ]),
    )
  },
})

async function measured(io: Io, plan: Allowance): Promise<Result<CliOutcome>> {
  const seen = await measureConfig(io, plan)
  if (seen.ok)
    return ok(done(measuredConfigAnswer(plan, seen.value), () => measuredConfigDoc(plan, seen.value)))
  // The command may have heard the Ctrl-C before we do, so its answer itself says what it was.
  return seen.error.code === 'interrupted' ? ok(failureOutcome(seen.error, interruptedCode)) : seen
}

function driftedRuns(context: Context, root: string): DriftedRun[] {
  const { home } = context.env
  return openMarkers(home)
    .filter((marker) => marker.activation.repoRoot === root)
    .flatMap((marker) => {
      const { sessionId } = marker.activation.origin
      const session = readSession(home, sessionId)
      const run = session.ok ? openRun(session.value.state) : undefined
      if (!run) return []
      const now = lookAtDefinition(run.activation)
      const drift = findRenewedPath(home, run.activation, now)?.drift ?? now.drift
      const { runId, contract, status } = run
      const parked = status === 'parked'
      return drift ? [{ sessionId, runId, objective: contract.objective, drift, parked, amended: false }] : []
    })
}

/** An open run keeps what it froze until its own amend; on a terminal the person is asked here and now. */
async function settleRuns(
  io: Io,
  plan: Allowance,
  runs: readonly DriftedRun[],
  always: boolean,
  dry: boolean,
): Promise<Result<readonly DriftedRun[]>> {
  const settled: DriftedRun[] = []
  for (const one of runs) {
    const wanted = always ? ok(true) : io.interactive && !dry ? await ask(one) : ok(false)
    if (!wanted.ok) return wanted
    if (!wanted.value) {
      settled.push(one)
      continue
    }
    const session = readSession(io.context.env.home, one.sessionId)
    const run = session.ok ? openRun(session.value.state) : undefined
    if (!run) continue
    const reason = `allow of ${plan.approval.path}`
    const amended = amend(io.context, one.sessionId, run, one.drift.digest, 'terminal', reason)
    if (!amended.ok) return amended
    settled.push({ ...one, amended: true })
  }
  return ok(settled)
}

function ask({ objective, drift }: DriftedRun): Promise<Result<boolean>> {
  const left = 'the config is approved, and this run keeps what it has'
  return askAmend(objective, drift, 'Accept it for that run too?', left)
}
