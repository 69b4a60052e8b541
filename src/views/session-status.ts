import type { Env } from '../base/env.ts'
import { isGone } from '../evidence/repo-root.ts'
import { hashContract } from '../contract/hash.ts'
import type { VerdictKind } from '../verdict/judgement.ts'
import { releaseWords } from '../verdict/words/release.ts'
import type { GateBox } from '../gates/types.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { hostOf } from '../ledger/events.ts'
import type { RunState } from '../ledger/state.ts'
import type { DefinitionChange } from '../definition/drift.ts'
import { type ParkCause, askedToAccept, failedGates } from '../verdict/judgement.ts'
import { openOutOfScope } from '../verdict/open-scope.ts'
import { type Release, type RunStatus, isOpen } from '../verdict/standing.ts'
import { changeWords } from '../verdict/words/definition.ts'
import { type ShownEvidence, shownEvidence } from '../verdict/words/protects-nothing.ts'
import { partWords } from '../verdict/words/scope.ts'
import type { OutOfScope } from '../workspace/scope/out-of-scope.ts'
import { causeWords } from '../verdict/words/summary.ts'
import { isProven, readLive } from '../records/live.ts'
import { type GateStatus, type JudgingStatus, gateStatus, judgingNow } from './gate-status.ts'
import { iso } from './iso.ts'
import { measuredBefore } from '../records/measured-before.ts'
import { nextStep, stateMeaning } from './next-step.ts'
import { uncheckedNow } from './unchecked-now.ts'
import { type VerifiedPlaces, verifiedPlaces } from './verified.ts'
import { unprovedPaths } from '../verdict/unproved.ts'

/** One run, with the field names that scripts know from the original. Times are ISO 8601. */
export interface SessionStatus {
  readonly session_id: string
  /** Whose session it is; absent: Codex's. */
  readonly host?: 'claude'
  readonly run_id: string
  readonly repo_root: string
  readonly state: RunStatus
  /** What that means, in words. */
  readonly meaning: string
  /** Of a released run: whether it may still be taken back. */
  readonly release: Release['standing'] | null
  /** What that waits for, or how it became final, in words. */
  readonly release_note: string | null
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
  /** Why it waits or was halted, in words. */
  readonly cause: string | null
  /** What a parked run waits for, as data. */
  readonly park: ParkCause | null
  /** The change of the gate definition that a person has to put back or accept. */
  readonly definition_changes: readonly (DefinitionChange & { readonly text: string })[]
  /** What may differ from the start: by the config, and by the contract; null where one says nothing. */
  readonly scope: { readonly policy: readonly string[] | null; readonly contract: readonly string[] | null }
  /** What the last stop found outside of it, as long as nobody accepted it. */
  readonly out_of_scope: readonly (OutOfScope & { readonly text: string })[]
  /** Paths, and parts of files, that a person accepted out of scope. */
  readonly accepted: readonly string[]
  /** What accepts either: `autonomous-loop amend <digest>`. */
  readonly amend_digest: string | null
  readonly sandbox: 'on' | 'off'
  /** Where the gates of the last stop ran that ask for a box; empty without such gates, or before their first run. */
  readonly boxes: readonly (GateBox & { readonly gate: string })[]
  /** Gates of the last stop that are not one program, nor taken apart: their steps share one process tree. */
  readonly mixed: readonly string[]
  /** Commands of the last stop, each with where its word is from. */
  readonly gates: readonly GateStatus[]
  /** What a verdict that is under way waits for; null when none is. */
  readonly judging: JudgingStatus | null
  /** Sources that were broken in a copy when the gates were measured, and no gate noticed. */
  readonly unnoticed: readonly string[]
  /** What the start's gates do not prove of the work, as the last stop has it; paths. Empty when they prove all. */
  readonly unproved: readonly string[]
  /** Where the gates have to pass that the release needs. */
  readonly verified: VerifiedPlaces
  readonly baseline: 'own' | 'agent-reported'
  /** Globs of `copy` that matched nothing when the run began. */
  readonly copy_unmatched: readonly string[]
  /** Evidence by which something has to stay as it is, where nothing was there at the start. */
  readonly protects_nothing: readonly ShownEvidence[]
  /** Whether the Codex process whose hook reported in is alive. */
  readonly live: boolean
  /** Why the last turn ended without a verdict; null when it was judged or may be under way. */
  readonly unchecked_turn: string | null
  readonly created_at: string
  readonly heartbeat_at: string
  /** Nothing is at `repo_root` any more, so nothing can be judged. */
  readonly repo_gone: boolean
  /** The one thing to do; null when there is nothing. */
  readonly next: string | null
}

/** A run as `status` tells it, all but its next step: that depends on the runs beside it. */
export function sessionStatus({ home, codexHome }: Env, run: RunState, sessionId: string): SessionStatus {
  const record = readLive(home, sessionId)
  const live = record !== undefined && isProven(record)
  const last = run.lastStop
  const { origin } = run.activation
  const park = run.status === 'parked' ? run.park : null
  // Only while it is the question: an accepted change, or one that was put back, is over.
  const measured = measuredBefore(home, run.activation)
  const drift = park && last ? askedToAccept(park, last) : null
  const outside = isOpen(run) ? openOutOfScope(run) : null
  return {
    session_id: sessionId,
    ...(hostOf(run.activation) === undefined ? {} : { host: 'claude' as const }),
    run_id: run.runId,
    repo_root: run.activation.repoRoot,
    state: run.status,
    meaning: stateMeaning(run.status),
    release: run.status === 'released' ? run.release.standing : null,
    release_note: run.status === 'released' ? releaseWords(run.release) : null,
    state_since: iso(run.statusSince),
    objective: run.contract.objective,
    stops: run.stops,
    iteration: run.iteration,
    max_stop_iterations: run.contract.limits.maxStopIterations,
    contract_hash: hashContract(run.contract),
    armed_by: origin.kind === 'session' ? origin.armedBy : 'supervisor',
    activation_mode: origin.kind === 'session' ? origin.mode : 'attempt',
    outstanding_task_ids: last?.outstandingTaskIds ?? [],
    last_gate_failures: last ? failedGates(last) : [],
    last_block_reason:
      last && (last.verdict === 'block' || last.verdict === 'halt') ? (last.delivered?.reason ?? null) : null,
    last_verdict: last?.verdict ?? null,
    last_verdict_at: run.lastStopAt === undefined ? null : iso(run.lastStopAt),
    cause: causeWords(run),
    park,
    definition_changes: (drift?.changes ?? []).map((change) => ({ ...change, text: changeWords(change) })),
    scope: { policy: run.contract.policy.scope ?? null, contract: run.contract.scope ?? null },
    out_of_scope: (outside?.out ?? []).map((one) => ({ ...one, text: partWords(one) })),
    accepted: Object.keys(run.accepted ?? {}),
    amend_digest: (drift ?? outside)?.digest.slice(0, 12) ?? null,
    sandbox: run.contract.policy.sandbox,
    boxes: (last?.commands ?? []).flatMap(({ name, box }) => (box ? [{ gate: name, ...box }] : [])),
    mixed: (last?.commands ?? []).flatMap(({ name, mixed }) => (mixed === undefined ? [] : [name])),
    gates: (last?.commands ?? []).map(gateStatus),
    judging: run.status === 'active' ? judgingNow(sessionPaths(home, sessionId).progress) : null,
    unnoticed: measured.unnoticed,
    unproved: unprovedPaths(last),
    verified: verifiedPlaces({ contract: run.contract, config: run.activation.config }, measured),
    baseline: run.activation.baselineLabel,
    copy_unmatched: run.activation.copied?.unmatched ?? [],
    protects_nothing: shownEvidence(run.contract.tasks, run.protectsNothing),
    live,
    unchecked_turn: uncheckedNow(codexHome, run, sessionId, live, record?.host),
    created_at: iso(run.createdAt),
    heartbeat_at: iso(run.heartbeatAt),
    repo_gone: isGone(run.activation.repoRoot),
    next: null,
  }
}

/** The one thing to do about it. `newest`: no run of the list began later. */
export function nextOf(one: SessionStatus, newest: boolean): string | null {
  return nextStep({
    state: one.state,
    sessionId: one.session_id,
    host: one.host,
    runId: one.run_id,
    newest,
    lastVerdict: one.last_verdict,
    park: one.park,
    failingGates: one.last_gate_failures,
    live: one.live,
    unchecked: one.unchecked_turn !== null,
    goneFrom: one.repo_gone ? one.repo_root : null,
  })
}
