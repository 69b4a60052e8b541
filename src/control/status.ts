import { type Result, ok } from '../base/result.ts'
import { findRepoRoot, repoHash } from '../evidence/repo-root.ts'
import { archivedCounts } from '../ledger/archive.ts'
import { listPending } from '../ledger/pending.ts'
import { listSessions } from '../ledger/sessions.ts'
import type { RunState, RunStatus } from '../ledger/state.ts'
import type { Context } from './context.ts'
import { isProven, readLive } from './live.ts'

/** One run, with the field names that scripts know from the original. Times are ISO 8601. */
export interface SessionStatus {
  readonly session_id: string
  readonly run_id: string
  readonly state: RunStatus
  readonly objective: string
  readonly iteration: number
  readonly max_stop_iterations: number
  readonly contract_hash: string
  readonly armed_by: string
  readonly activation_mode: string
  readonly outstanding_task_ids: readonly string[]
  readonly last_gate_failures: readonly string[]
  readonly last_block_reason: string | null
  readonly last_verdict: string | null
  readonly cause: string | null
  readonly sandbox: 'on' | 'off'
  readonly baseline: 'own' | 'agent-reported'
  /** Whether the Codex process whose hook reported in is alive. */
  readonly live: boolean
  readonly created_at: string
  readonly heartbeat_at: string
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
  readonly archived_counts: { readonly sessions: number; readonly requests: number }
  readonly hygiene: {
    readonly unreadable: readonly { readonly session: string; readonly reason: string }[]
    readonly stale_open: readonly string[]
  }
}

const staleMs = 8 * 3_600_000

/** What is recorded about a repository, or about one session wherever it works. Reads only. */
export function status(context: Context, cwd: string, sessionId: string | null): Result<Status> {
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
      if (sessionId === null ? run.activation.repoRoot === root : run.activation.sessionId === sessionId)
        sessions.push(describe(home, run))
  }
  sessions.sort((a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0))
  const now = context.clock()
  return ok({
    repo_root: root,
    repo_hash: repoHash(root),
    sessions,
    pending_requests: listPending(home).flatMap((pending) => {
      const request = pending.content as unknown as {
        requestId?: unknown
        repoRoot?: unknown
        at?: unknown
        input?: { objective?: unknown }
      }
      return request.repoRoot === root
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
  const codes: Readonly<Record<RunStatus, number>> = {
    released: 0,
    active: 4,
    parked: 5,
    paused: 6,
    halted: 7,
    waived: 9,
    disabled: 9,
  }
  return newest ? codes[newest.state] : 8
}

function isOpenStatus(state: RunStatus): boolean {
  return state === 'active' || state === 'paused' || state === 'parked' || state === 'halted'
}

function describe(home: string, run: RunState): SessionStatus {
  const live = readLive(home, run.activation.sessionId)
  const last = run.lastStop
  return {
    session_id: run.activation.sessionId,
    run_id: run.runId,
    state: run.status,
    objective: run.contract.objective,
    iteration: run.iteration,
    max_stop_iterations: run.contract.limits.maxStopIterations,
    contract_hash: run.activation.contractHash,
    armed_by: run.activation.armedBy,
    activation_mode: run.activation.activationMode,
    outstanding_task_ids: last?.outstandingTaskIds ?? [],
    last_gate_failures: last?.failedGates ?? [],
    last_block_reason: last && (last.verdict === 'block' || last.verdict === 'halt') ? last.reason : null,
    last_verdict: last?.verdict ?? null,
    cause: run.haltCause ?? run.parkCause ?? run.closed?.reason ?? null,
    sandbox: run.contract.policy.sandbox,
    baseline: run.activation.baselineLabel,
    live: live !== undefined && isProven(live),
    created_at: iso(run.createdAt),
    heartbeat_at: iso(run.heartbeatAt),
  }
}

function iso(ms: number): string {
  return new Date(Number.isFinite(ms) ? ms : 0).toISOString()
}
