import type { CommandRecord } from '../../gates/command-record.ts'
import type { Origin } from '../../ledger/events.ts'
import type { Judgement } from '../../verdict/judgement.ts'
import { startTestsOf } from '../../verdict/start-tests.ts'
import { isFlaky } from '../../verdict/room-passes.ts'
import type { ProvedBy } from '../../verdict/proof.ts'
import { commandWords } from '../../verdict/words/command.ts'
import { changeWords } from '../../verdict/words/definition.ts'
import type { Explanation, ReleaseSince } from '../../views/explain.ts'
import type { RunHistory } from '../../views/history.ts'
import type { Report } from '../../views/report.ts'
import { unprovedPaths } from '../../verdict/unproved.ts'

/*
 * What `explain` and `report` say to machines, with the field names of our other answers. Times are ISO 8601.
 */

export function explainAnswer({ run, integrity }: RunHistory, one: Explanation): object {
  return {
    run_id: run.runId,
    ...originAnswer(run.activation.origin),
    repo_root: run.activation.repoRoot,
    objective: run.contract.objective,
    ...stopAnswer(one),
    ledger: { seq: one.record.seq, hash: one.record.hash, integrity: integrity.state },
  }
}

export function reportAnswer(report: Report): object {
  return {
    run_id: report.runId,
    repo_root: report.repoRoot,
    state: report.state,
    meaning: report.meaning,
    cause: report.cause,
    release: report.release,
    summary: summaryAnswer(report),
    next: report.next,
    ...originAnswer(report.origin),
    started_at: iso(report.startedAt),
    last_event_at: iso(report.endedAt),
    contract_hash: report.contractHash,
    contract: report.contract,
    unnoticed: report.unnoticed,
    unproved: unprovedPaths(report),
    verified: report.verified,
    baseline: report.baseline,
    integrity: report.integrity,
    tasks: report.tasks.map(({ id, title, required, dependsOn, met, evidence }) => ({
      id,
      title,
      required,
      dependsOn,
      asked: evidence.map((one) => one.asked),
      met,
      evidence: evidence.map((one) => ({
        asked: one.asked,
        gate: one.gate,
        met: one.met,
        ...proofAnswer(one),
      })),
    })),
    gates: report.gates.map(({ name, argv, proves, last }) => ({
      name,
      argv,
      proves,
      last_stop: last?.stop ?? null,
      last_outcome: last?.command.outcome ?? null,
    })),
    stops: report.stops.map(stopAnswer),
    timeline: report.timeline.map(({ seq, at, type, text }) => ({ seq, at: iso(at), type, text })),
  }
}

function summaryAnswer({ summary }: Report): object {
  return {
    stops: summary.stops,
    blocked: summary.blocked,
    parked: summary.parked,
    judged_ms: summary.judgedMs,
    held: summary.held.map(({ by, stops, ms }) => ({ ...by, stops, held_ms: ms })),
  }
}

export function stopAnswer(one: Explanation): object {
  const { judgement } = one
  return {
    stop: judgement.stop,
    at: iso(one.at),
    ...judgementAnswer(judgement),
    ...driftAnswer(one),
    because: one.because,
    iteration: one.used,
    max_stop_iterations: one.allowed,
    duration_ms: judgement.durationMs,
    evidence: one.evidence.map((fact) => ({
      task_id: fact.taskId,
      title: fact.title,
      required: fact.required,
      asked: fact.asked,
      met: fact.met,
      ...proofAnswer(fact),
    })),
    plan: judgement.session?.plan ?? null,
    commands: judgement.commands.map(commandAnswer),
    answered: judgement.delivered?.reason ?? null,
    release_since: sinceAnswer(one.releaseSince),
    unjudged_since: one.unjudgedSince.map(({ at, why }) => ({ at: iso(at), why })),
  }
}

function sinceAnswer(since: ReleaseSince | null): object | null {
  if (since === null) return null
  const at = iso(since.at)
  return since.kind === 'reopened'
    ? { state: 'reopened', at, changes: since.changes }
    : { state: 'final', at, ...since.look }
}

/** What a piece of evidence rests on, in words and, where it was looked at, as data. */
export function proofAnswer({ by, words }: { readonly by: ProvedBy; readonly words: string }): object {
  return { proved_by: by.kind, detail: words, found: by.kind === 'look' ? by.found : null }
}

/** Of a stop in the past: its difference is only to be accepted while it is the question. */
function driftAnswer({ drift }: Explanation): object {
  return {
    amend_digest: drift?.kind === 'open' ? drift.digest.slice(0, 12) : null,
    amended: drift?.kind === 'accepted' ? { at: iso(drift.at), by: drift.by } : null,
  }
}

/** The verdict and what stood in its way, as data. */
export function judgementAnswer(judgement: Judgement): object {
  const { drift } = judgement
  const outside = judgement.blockers.find((one) => one.kind === 'out-of-scope')
  return {
    verdict: judgement.verdict,
    ...(judgement.verdict === 'park' ? { park: judgement.park } : {}),
    ...(judgement.verdict === 'halt' ? { halt: judgement.halt } : {}),
    blockers: judgement.blockers,
    outstanding_task_ids: judgement.outstandingTaskIds,
    definition_changes: (drift?.changes ?? []).map((change) => ({ ...change, text: changeWords(change) })),
    amend_digest: (drift ?? outside)?.digest.slice(0, 12) ?? null,
  }
}

export function commandAnswer(gate: CommandRecord): object {
  return {
    name: gate.name,
    argv: gate.argv,
    outcome: gate.outcome,
    cause: gate.cause,
    exit_code: gate.exitCode,
    detail: commandWords(gate),
    duration_ms: gate.durationMs,
    sandboxed: gate.sandboxed,
    box: gate.box ?? null,
    place: gate.box?.place ?? 'in-place',
    reused_from: gate.reused?.stop ?? null,
    flaky: isFlaky(gate),
    start_tests: startTestsOf(gate),
    runs: gate.runs ?? null,
    in_place: gate.inPlace ?? null,
    mixed: gate.mixed ?? null,
    steps: gate.steps ?? null,
    log: gate.logFile,
    tail: gate.tail,
  }
}

function originAnswer(origin: Origin): object {
  return origin.kind === 'session'
    ? { session_id: origin.sessionId, armed_by: origin.armedBy, activation_mode: origin.mode }
    : { session_id: null, batch: origin.batch, item: origin.item, attempt: origin.attempt }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
