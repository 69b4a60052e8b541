import path from 'node:path'
import { isObject } from '../base/json.ts'
import { hashContract } from '../contract/hash.ts'
import { type Result, ok } from '../base/result.ts'
import { findRepoRoot, repoHash } from '../evidence/repo-root.ts'
import type { VerdictKind } from '../ledger/events.ts'
import { archivedCounts } from '../ledger/archive.ts'
import { listPending } from '../ledger/pending.ts'
import { listSessions } from '../ledger/sessions.ts'
import type { RunState, RunStatus } from '../ledger/state.ts'
import type { Context } from './context.ts'
import { type LiveRecord, isProven, listLive, readLive } from './live.ts'
import { nextStep, stateMeaning } from './next-step.ts'
import { readSpool } from './spool.ts'

/** One run, with the field names that scripts know from the original. Times are ISO 8601. */
export interface SessionStatus {
  readonly session_id: string
  readonly run_id: string
  readonly repo_root: string
  readonly state: RunStatus
  /** What that means, in words. */
  readonly meaning: string
  /** When the state last changed. */
  readonly state_since: string
  readonly objective: string
  /** Judged stops, ever; `iteration` counts the blocked ones since the limits were last fresh. */
  readonly stops: number
  readonly iteration: number
  readonly max_stop_iterations: number
  readonly contract_hash: string
  readonly armed_by: string
  readonly activation_mode: string
  readonly outstanding_task_ids: readonly string[]
  readonly last_gate_failures: readonly string[]
  readonly last_block_reason: string | null
  readonly last_verdict: VerdictKind | null
  readonly last_verdict_at: string | null
  readonly cause: string | null
  readonly sandbox: 'on' | 'off'
  readonly baseline: 'own' | 'agent-reported'
  /** Whether the Codex process whose hook reported in is alive. */
  readonly live: boolean
  readonly created_at: string
  readonly heartbeat_at: string
  /** The one thing to do; null when there is nothing. */
  readonly next: string | null
}

/** A request that an agent left in the sandbox and that no hook has taken in yet. Everything in it is the agent's word. */
export interface SpooledRequest {
  readonly session_id: string
  readonly action: string
  readonly objective: string
  readonly created_at: string
}

export interface Status {
  readonly repo_root: string
  readonly repo_hash: string
  /** Runs of this repository, newest first. */
  readonly sessions: readonly SessionStatus[]
  readonly pending_requests: readonly {
    readonly request_id: string
    readonly objective: string
    readonly created_at: string
  }[]
  readonly spooled_requests: readonly SpooledRequest[]
  readonly archived_counts: { readonly sessions: number; readonly requests: number }
  readonly hygiene: {
    readonly unreadable: readonly { readonly session: string; readonly reason: string }[]
    readonly stale_open: readonly string[]
  }
}

const staleMs = 8 * 3_600_000

/** What is recorded about a repository, about one session wherever it works, or (`'all'`) about this machine. Reads only. */
export function status(
  context: Context,
  cwd: string,
  sessionId: string | null,
  scope: 'repository' | 'all' = 'repository',
): Result<Status> {
  const { home } = context.env
  const root = findRepoRoot(cwd)
  const sessions: SessionStatus[] = []
  const unreadable: { session: string; reason: string }[] = []
  for (const one of listSessions(home)) {
    if (!one.session.ok) {
      unreadable.push({ session: one.key, reason: one.session.error.message })
      continue
    }
    for (const run of one.session.value.state.runs)
      if (
        sessionId !== null
          ? run.activation.sessionId === sessionId
          : scope === 'all' || run.activation.repoRoot === root
      )
        sessions.push(describe(home, run))
  }
  sessions.sort((a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0))
  const now = context.clock()
  return ok({
    repo_root: root,
    repo_hash: repoHash(root),
    sessions: sessions.map((one, index) => ({ ...one, next: nextOf(one, index === 0) })),
    spooled_requests: spooledRequests(context, (live) =>
      sessionId !== null ? live.sessionId === sessionId : scope === 'all' || live.repoRoot === root,
    ),
    pending_requests: listPending(home).flatMap((pending) => {
      const request = pending.content as unknown as {
        requestId?: unknown
        repoRoot?: unknown
        at?: unknown
        input?: { objective?: unknown }
      }
      return scope === 'all' || request.repoRoot === root
        ? [
            {
              request_id: String(request.requestId),
              objective: typeof request.input?.objective === 'string' ? request.input.objective : '',
              created_at: iso(Number(request.at)),
            },
          ]
        : []
    }),
    archived_counts: archivedCounts(home),
    hygiene: {
      unreadable,
      stale_open: sessions
        .filter((one) => isOpenStatus(one.state) && now - Date.parse(one.heartbeat_at) > staleMs)
        .map((one) => one.session_id),
    },
  })
}

/** Exit code of `status --check`: the newest run's state, as scripts and CI read it. */
export function checkCode(sessions: readonly SessionStatus[]): number {
  const newest = sessions.find((one) => isOpenStatus(one.state)) ?? sessions[0]
  return stateCode(newest?.state ?? null)
}

/** The same for one state; null: there is no run. */
export function stateCode(state: RunStatus | null): number {
  const codes: Readonly<Record<RunStatus, number>> = {
    released: 0,
    active: 4,
    parked: 5,
    paused: 6,
    halted: 7,
    waived: 9,
    disabled: 9,
  }
  return state === null ? 8 : codes[state]
}

function isOpenStatus(state: RunStatus): boolean {
  return state === 'active' || state === 'paused' || state === 'parked' || state === 'halted'
}

function nextOf(one: SessionStatus, newest: boolean): string | null {
  return nextStep({
    state: one.state,
    sessionId: one.session_id,
    runId: one.run_id,
    newest,
    lastVerdict: one.last_verdict,
    parkCause: one.state === 'parked' ? one.cause : null,
    failingGates: one.last_gate_failures,
    live: one.live,
  })
}

/** Looks into the spool of every session that has a live record; what is no request is left to the hook, which refuses it by name. */
function spooledRequests(context: Context, concerns: (live: LiveRecord) => boolean): SpooledRequest[] {
  const { home, uid } = context.env
  return listLive(home)
    .filter(concerns)
    .flatMap((live) =>
      readSpool(live.spool, uid).flatMap(({ file, content }) => {
        if (!content.ok || !isObject(content.value)) return []
        const { action, objective, reason } = content.value
        const said = typeof objective === 'string' ? objective : typeof reason === 'string' ? reason : ''
        return [
          {
            session_id: live.sessionId,
            action: typeof action === 'string' ? action.slice(0, 40) : 'unknown',
            objective: said.slice(0, 1_000),
            created_at: iso(Number(/^\d{15}/.exec(path.basename(file))?.[0])),
          },
        ]
      }),
    )
}

function describe(home: string, run: RunState): SessionStatus {
  const live = readLive(home, run.activation.sessionId)
  const last = run.lastStop
  return {
    session_id: run.activation.sessionId,
    run_id: run.runId,
    repo_root: run.activation.repoRoot,
    state: run.status,
    meaning: stateMeaning(run.status),
    state_since: iso(run.statusSince ?? run.heartbeatAt),
    objective: run.contract.objective,
    stops: run.stops,
    iteration: run.iteration,
    max_stop_iterations: run.contract.limits.maxStopIterations,
    contract_hash: hashContract(run.contract),
    armed_by: run.activation.armedBy,
    activation_mode: run.activation.activationMode,
    outstanding_task_ids: last?.outstandingTaskIds ?? [],
    last_gate_failures: last?.failedGates ?? [],
    last_block_reason: last && (last.verdict === 'block' || last.verdict === 'halt') ? last.reason : null,
    last_verdict: last?.verdict ?? null,
    last_verdict_at: run.lastStopAt === undefined ? null : iso(run.lastStopAt),
    cause: run.haltCause ?? run.parkCause ?? run.closed?.reason ?? null,
    sandbox: run.contract.policy.sandbox,
    baseline: run.activation.baselineLabel,
    live: live !== undefined && isProven(live),
    created_at: iso(run.createdAt),
    heartbeat_at: iso(run.heartbeatAt),
    next: null,
  }
}

function iso(ms: number): string {
  return new Date(Number.isFinite(ms) ? ms : 0).toISOString()
}
