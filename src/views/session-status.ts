import { hashContract } from '../contract/hash.ts'
import type { VerdictKind } from '../ledger/events.ts'
import type { RunState, RunStatus } from '../ledger/state.ts'
import { isProven, readLive } from '../records/live.ts'
import { nextStep, stateMeaning } from './next-step.ts'

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

/** A run as `status` tells it, all but its next step: that depends on the runs beside it. */
export function sessionStatus(home: string, run: RunState): SessionStatus {
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

/** ISO 8601; what is no number is the epoch, so that a broken record can still be listed. */
export function iso(ms: number): string {
  return new Date(Number.isFinite(ms) ? ms : 0).toISOString()
}

/** The one thing to do about it. `newest`: no run of the list began later. */
export function nextOf(one: SessionStatus, newest: boolean): string | null {
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
