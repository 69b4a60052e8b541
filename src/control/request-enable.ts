import { changeWords } from '../verdict/words/definition.ts'
import { type ShownEvidence, shownEvidence } from '../verdict/words/protects-nothing.ts'
import { type Result, fail, ok } from '../base/result.ts'
import type { HookState } from '../codex/hook-standing.ts'
import { agentMarks, detectSession, isSupervised } from '../codex/session.ts'
import { hashContract } from '../contract/hash.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import { isWritable } from '../ledger/home.ts'
import { settle } from '../ledger/start.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { readSession } from '../ledger/store.ts'
import type { EnableInput } from './activation.ts'
import type { Context } from '../records/context.ts'
import { enable } from './enable.ts'
import { lookAtHooks } from '../records/hook-look.ts'
import { isProven, readLive } from '../records/live.ts'
import { stopHeld, stopStanding } from '../records/stop-held.ts'
import { worksIn } from './works-in.ts'
import { leavePending } from './pending.ts'
import type { SessionRequest, StartedRun } from './session-request.ts'
import { askedByAgent } from './reopen.ts'
import { spoolEnable } from './spool-enable.ts'

/** Whether this session's hooks are really on: by a live record, or unknown (the caller may ask Codex). */
export type Enforced =
  | { readonly enforced: 'proven'; readonly live_at: string }
  /** `stop_hook`: why Codex does not run it, where it is known that it does not. */
  | { readonly enforced: 'unproven'; readonly warning: string; readonly stop_hook?: HookState }

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
      /** Globs of `copy` that match nothing; absent when each does, or where that is known only later. */
      readonly copy_unmatched?: readonly string[]
      /** Evidence by which something has to stay as it is, where nothing was there; absent when there is none. */
      readonly protects_nothing?: readonly ShownEvidence[]
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
  if (isSupervised(env.vars))
    return fail('supervised', 'this conversation works for a batch, which judges its work: nothing to enable')
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
    ? await spoolEnable(context, session)
    : await direct(context, session, armedBy, asked.sessionId ? 'terminal' : 'direct-env')
  if (!run.ok) return run
  return ok({
    ...common,
    request_id: run.value.requestId ?? requestId,
    activation_mode: inSandbox ? 'spooled' : asked.sessionId ? 'terminal' : 'direct-env',
    session_id: detected.sessionId,
    session_id_source: detected.source,
    run_id: run.value.runId,
    contract_hash: run.value.contractHash,
    state: inSandbox ? 'requested' : run.value.state,
    tasks: run.value.tasks,
    ...(run.value.changedBefore?.length ? { changed_before: run.value.changedBefore.map(changeWords) } : {}),
    ...(run.value.unmatchedCopies?.length ? { copy_unmatched: run.value.unmatchedCopies } : {}),
    ...(run.value.protectsNothing.length > 0 ? { protects_nothing: run.value.protectsNothing } : {}),
    ...enforcedOf(context, detected.sessionId, inSandbox),
  })
}

async function direct(
  context: Context,
  request: SessionRequest,
  armedBy: 'agent' | 'terminal',
  mode: 'direct-env' | 'terminal',
): Promise<Result<StartedRun>> {
  const { home } = context.env
  const settled = settle(home, request.sessionId, context.clock)
  if (!settled.ok) return settled
  const session = readSession(home, request.sessionId)
  if (!session.ok) return session
  const { state } = session.value
  const current = armedBy === 'agent' ? askedByAgent(context, request.sessionId, state) : ok(state)
  if (!current.ok) return current
  const open = openRun(current.value)
  // An open run has its repository already: tasks go to it from wherever they are added.
  const place = open ? ok(undefined) : worksIn(home, request.sessionId, request.root)
  if (!place.ok) return place
  const host = readLive(home, request.sessionId)?.host
  const parts = { ...request, ...(host === undefined ? {} : { host }), mode, armedBy }
  const run = await enable(context, parts, open)
  return run.ok ? ok(started(run.value)) : run
}

function started(run: RunState): StartedRun {
  return {
    runId: run.runId,
    contractHash: hashContract(run.contract),
    state: run.status,
    tasks: run.contract.tasks.map((task) => task.id),
    changedBefore: run.activation.changedBefore ?? [],
    unmatchedCopies: run.activation.copied?.unmatched ?? [],
    protectsNothing: shownEvidence(run.contract.tasks, run.protectsNothing),
  }
}

/**
 * Inside the sandbox no process outside is visible (own pid namespace), so there the record of this session is the proof.
 * That hooks report in says nothing about the Stop hook, so that one is looked at by itself.
 */
function enforcedOf(context: Context, sessionId: string, inSandbox: boolean): Enforced {
  const live = readLive(context.env.home, sessionId)
  const stop = stopStanding(lookAtHooks(context.env, live?.host), live ? 'SessionStart' : null)
  const held = stopHeld(sessionId, live?.stop, stop, live?.host)
  if (held.kind === 'not-held')
    return {
      enforced: 'unproven',
      stop_hook: held.state,
      warning: `Nothing holds this session: ${held.why}. Tell the person. Fix: ${held.fix}`,
    }
  if (live && (inSandbox || isProven(live)))
    return { enforced: 'proven', live_at: new Date(live.at).toISOString() }
  return {
    enforced: 'unproven',
    warning:
      'No hook of this session has reported in, so nothing may be enforced. A person should run: autonomous-loop doctor. Sessions started before the hooks were installed or trusted must be restarted.',
  }
}
