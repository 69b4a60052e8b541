import { type Failure, type Result, fail, ok } from '../base/result.ts'
import type { Contract } from '../contract/types.ts'
import { hashContract } from '../contract/hash.ts'
import { namedPaths } from '../evidence/named-paths.ts'
import { protectsNothing } from '../evidence/protects-nothing.ts'
import { captureReport } from '../evidence/baseline.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { readSession } from '../ledger/store.ts'
import { type Ask, draftContract } from './activation.ts'
import type { Context } from '../records/context.ts'
import { readLive } from '../records/live.ts'
import { type OpenPolicy, openPolicy } from '../records/policy.ts'
import { shownEvidence } from '../verdict/words/protects-nothing.ts'
import { draftNow } from './refine.ts'
import type { SessionRequest, StartedRun } from './session-request.ts'
import { defaultSpool, ensureSpool, leaveRequest } from './spool.ts'
import { type SpooledEnable, sealed } from './spooled-request.ts'

/**
 * Leaves the request where the next hook takes it in. Everything is checked here already, so that the agent learns of a
 * mistake now and not at its first stop.
 * Codes: no-live-record, those of the policy, the draft, the baseline and the spool.
 */
export async function spoolEnable(context: Context, request: SessionRequest): Promise<Result<StartedRun>> {
  const { home, uid } = context.env
  const live = readLive(home, request.sessionId)
  if (!live?.config || !live.pins)
    return fail(
      'no-live-record',
      'this session has no record of its start with an approved config, so a request from inside the sandbox cannot be trusted',
      {
        fix: 'the person types the prompt: $autonomous-loop <objective>',
      },
    )
  const policy = openPolicy(home, request.root)
  if (!policy.ok) return policy
  const session = readSession(home, request.sessionId)
  if (!session.ok) return session
  const open = openRun(session.value.state)
  const ask = { ...request, armedBy: 'agent' as const }
  const contract = await draftedContract(context, request.sessionId, open, ask, policy.value)
  if (!contract.ok) return contract
  // The state is read-only here; what this baseline is worth is decided where it is taken in.
  const spoolDir = live.spool || defaultSpool(uid, request.sessionId)
  const ready = ensureSpool(spoolDir, uid)
  if (!ready.ok) return unspoolable(ready.error)
  const baseline = await captureReport(
    request.root,
    namedPaths(contract.value.tasks),
    evidenceOptions(context.env),
  )
  if (!baseline.ok) return baseline
  // Of an open run the start is another one, which is asked where the request is taken in.
  const empty = open
    ? open.protectsNothing
    : await protectsNothing(
        request.root,
        [baseline.value],
        contract.value.tasks,
        evidenceOptions(context.env),
      )
  const left: SpooledEnable = sealed({
    v: 1 as const,
    action: 'enable' as const,
    sessionId: request.sessionId,
    root: request.root,
    objective: request.input.objective,
    taskTexts: [...request.input.taskTexts],
    gateProfile: request.input.gateProfile,
    maxStopIterations: request.input.maxStopIterations,
    ...(request.input.scope ? { scope: [...request.input.scope] } : {}),
    baseline: open ? null : baseline.value,
    salt: request.requestId,
  })
  const written = leaveRequest(spoolDir, uid, left)
  if (!written.ok) return unspoolable(written.error)
  return ok({
    requestId: left.requestId,
    runId: open ? open.runId : left.requestId,
    // A new run's contract has the request's id, which is known only now.
    contractHash: hashContract(open ? contract.value : { ...contract.value, contractId: left.requestId }),
    state: 'requested',
    tasks: contract.value.tasks.map((task) => task.id),
    protectsNothing: shownEvidence(contract.value.tasks, empty),
  })
}

function unspoolable(why: Failure): Result<never> {
  return fail(why.code, why.message, { fix: 'the person types the prompt: $autonomous-loop <objective>' })
}

async function draftedContract(
  context: Context,
  sessionId: string,
  open: RunState | undefined,
  ask: Ask,
  policy: OpenPolicy,
): Promise<Result<Contract>> {
  if (!open) return draftContract(ask, policy)
  const drafted = await draftNow(context, sessionId, open, ask)
  return drafted.ok ? ok(drafted.value.contract) : drafted
}
