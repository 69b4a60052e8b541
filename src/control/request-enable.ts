import { type Failure, type Result, fail, ok } from '../base/result.ts'
import { agentMarks, detectSession } from '../codex/session.ts'
import type { Contract } from '../contract/types.ts'
import { hashContract } from '../contract/hash.ts'
import { namedPaths } from '../contract/named-paths.ts'
import { captureBaseline } from '../evidence/baseline.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import type { ChangedBefore } from '../ledger/events.ts'
import { isWritable } from '../ledger/home.ts'
import { settle } from '../ledger/start.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { readSession } from '../ledger/store.ts'
import { type Ask, type EnableInput, draftContract } from './activation.ts'
import type { Context } from './context.ts'
import { enable } from './enable.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { isProven, readLive } from './live.ts'
import { leavePending } from './pending.ts'
import { type OpenPolicy, openPolicy } from './policy.ts'
import { draftNow } from './refine.ts'
import { defaultSpool, ensureSpool, leaveRequest } from './spool.ts'
import type { SpooledEnable } from './take-in.ts'

/** Whether this session's hooks are really on: by a live record, or unknown (the caller may ask Codex). */
export type Enforced =
  | { readonly enforced: 'proven'; readonly live_at: string }
  | { readonly enforced: 'unproven'; readonly warning: string }

export type EnableAnswer = {
  readonly action: 'enable'
  readonly request_id: string
  readonly repo_root: string
  readonly armed_by: 'agent' | 'terminal'
} & (
  | ({
      readonly activation_mode: 'direct-env' | 'terminal' | 'spooled'
      readonly session_id: string
      readonly session_id_source: string
      readonly run_id: string
      readonly contract_hash: string
      readonly state: string
      readonly tasks: readonly string[]
      /** What the gates mean by now that they did not when the session began; absent when nothing. */
      readonly changed_before?: readonly string[]
    } & Enforced)
  | {
      readonly activation_mode: 'claim-token'
      readonly claim_token: string
      readonly nonce: string
      readonly state: 'pending'
      readonly next: string
    }
)

/**
 * `request enable`: picks the one way that is open from here: straight into the state, through the spool (inside
 * Codex's sandbox, where the home is read-only), or as a pending request when no session is known.
 */
export async function requestEnable(
  context: Context,
  asked: { readonly cwd: string; readonly sessionId: string | null; readonly input: EnableInput },
): Promise<Result<EnableAnswer>> {
  const { env } = context
  const root = findRepoRoot(asked.cwd)
  const armedBy = agentMarks(env.vars).length > 0 ? 'agent' : 'terminal'
  const detected = asked.sessionId
    ? { sessionId: asked.sessionId, source: 'argument' }
    : detectSession(env.vars)
  const common = { action: 'enable', repo_root: root, armed_by: armedBy } as const
  if (!detected) {
    if (!isWritable(env.home))
      return fail('no-session', 'no session id is known here and the state cannot be written from here', {
        fix: 'the person types the prompt: $autonomous-loop <objective>',
      })
    const pending = await leavePending(context, root, asked.input, armedBy)
    if (!pending.ok) return pending
    return ok({
      ...common,
      request_id: pending.value.request.requestId,
      activation_mode: 'claim-token',
      claim_token: pending.value.token,
      nonce: pending.value.nonce,
      state: 'pending',
      next: 'put the claim token into the next assistant message and let that turn end',
    })
  }
  const requestId = context.newId()
  const session = { sessionId: detected.sessionId, root, requestId, input: asked.input }
  const inSandbox = !isWritable(env.home)
  const run = inSandbox
    ? await spool(context, session)
    : await direct(context, session, armedBy, asked.sessionId ? 'terminal' : 'direct-env')
  if (!run.ok) return run
  return ok({
    ...common,
    request_id: requestId,
    activation_mode: inSandbox ? 'spooled' : asked.sessionId ? 'terminal' : 'direct-env',
    session_id: detected.sessionId,
    session_id_source: detected.source,
    run_id: run.value.runId,
    contract_hash: run.value.contractHash,
    state: inSandbox ? 'requested' : run.value.state,
    tasks: run.value.tasks,
    ...(run.value.changedBefore?.length
      ? { changed_before: run.value.changedBefore.map((change) => change.text) }
      : {}),
    ...enforcedOf(context, detected.sessionId, inSandbox),
  })
}

interface SessionRequest {
  readonly sessionId: string
  readonly root: string
  readonly requestId: string
  readonly input: EnableInput
}
interface Started {
  readonly runId: string
  readonly contractHash: string
  readonly state: string
  readonly tasks: readonly string[]
  readonly changedBefore?: readonly ChangedBefore[]
}

async function direct(
  context: Context,
  request: SessionRequest,
  armedBy: 'agent' | 'terminal',
  mode: 'direct-env' | 'terminal',
): Promise<Result<Started>> {
  const { home } = context.env
  const settled = settle(home, request.sessionId, context.clock)
  if (!settled.ok) return settled
  const session = readSession(home, request.sessionId)
  if (!session.ok) return session
  const run = await enable(context, { ...request, mode, armedBy }, openRun(session.value.state))
  return run.ok ? ok(started(run.value)) : run
}

function started(run: RunState): Started {
  return {
    runId: run.runId,
    contractHash: hashContract(run.contract),
    state: run.status,
    tasks: run.contract.tasks.map((task) => task.id),
    changedBefore: run.activation.changedBefore ?? [],
  }
}

/** Everything is checked here already, so that the agent learns of a mistake now and not at its first stop. */
async function spool(context: Context, request: SessionRequest): Promise<Result<Started>> {
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
  const contract = await draftedContract(context, open, ask, policy.value)
  if (!contract.ok) return contract
  // The state is read-only here; what this baseline is worth is decided where it is taken in.
  const spoolDir = live.spool || defaultSpool(uid, request.sessionId)
  const ready = ensureSpool(spoolDir, uid)
  if (!ready.ok) return unspoolable(ready.error)
  const baseline = await captureBaseline(
    request.root,
    namedPaths(contract.value.tasks),
    evidenceOptions(context.env),
  )
  if (!baseline.ok) return baseline
  const left: SpooledEnable = {
    v: 1,
    action: 'enable',
    requestId: request.requestId,
    sessionId: request.sessionId,
    root: request.root,
    objective: request.input.objective,
    taskTexts: [...request.input.taskTexts],
    gateProfile: request.input.gateProfile,
    maxStopIterations: request.input.maxStopIterations,
    baseline: open ? null : baseline.value,
  }
  const written = leaveRequest(spoolDir, uid, left)
  if (!written.ok) return unspoolable(written.error)
  return ok({
    runId: open ? open.runId : request.requestId,
    contractHash: hashContract(contract.value),
    state: 'requested',
    tasks: contract.value.tasks.map((task) => task.id),
  })
}

/** Inside the sandbox no process outside is visible (own pid namespace), so there the record of this session is the proof. */
function enforcedOf(context: Context, sessionId: string, inSandbox: boolean): Enforced {
  const live = readLive(context.env.home, sessionId)
  if (live && (inSandbox || isProven(live)))
    return { enforced: 'proven', live_at: new Date(live.at).toISOString() }
  return {
    enforced: 'unproven',
    warning:
      'No hook of this session has reported in, so nothing may be enforced. A person should run: autonomous-loop doctor. Sessions started before the hooks were installed or trusted must be restarted.',
  }
}

function unspoolable(why: Failure): Result<never> {
  return fail(why.code, why.message, { fix: 'the person types the prompt: $autonomous-loop <objective>' })
}

async function draftedContract(
  context: Context,
  open: RunState | undefined,
  ask: Ask,
  policy: OpenPolicy,
): Promise<Result<Contract>> {
  if (!open) return draftContract(ask, policy)
  const drafted = await draftNow(context, open, ask)
  return drafted.ok ? ok(drafted.value.contract) : drafted
}
