import type { Explanation } from '../../views/explain.ts'
import type { RunHistory } from '../../views/history.ts'
import type { Report } from '../../views/report.ts'

/*
 * What `explain` and `report` say to machines, with the field names of our other answers. Times are ISO 8601.
 */

export function explainAnswer({ run, integrity }: RunHistory, one: Explanation): object {
  return {
    run_id: run.runId,
    session_id: run.activation.sessionId,
    repo_root: run.activation.repoRoot,
    objective: run.contract.objective,
    ...stopAnswer(one),
    ledger: { seq: one.record.seq, hash: one.record.hash, integrity: integrity.state },
  }
}

export function reportAnswer(report: Report): object {
  return {
    run_id: report.runId,
    session_id: report.sessionId,
    repo_root: report.repoRoot,
    state: report.state,
    meaning: report.meaning,
    cause: report.cause,
    armed_by: report.armedBy,
    activation_mode: report.mode,
    started_at: iso(report.startedAt),
    last_event_at: iso(report.endedAt),
    contract_hash: report.contractHash,
    contract: report.contract,
    baseline: report.baseline,
    integrity: report.integrity,
    tasks: report.tasks,
    gates: report.gates,
    stops: report.stops.map(stopAnswer),
    timeline: report.timeline.map(({ seq, at, type, text }) => ({ seq, at: iso(at), type, text })),
  }
}

function stopAnswer(one: Explanation): object {
  return {
    stop: one.stop,
    at: iso(one.at),
    verdict: one.verdict,
    because: one.because,
    iteration: one.used,
    max_stop_iterations: one.allowed,
    duration_ms: one.durationMs,
    evidence: one.evidence.map((fact) => ({
      task_id: fact.taskId,
      title: fact.title,
      required: fact.required,
      asked: fact.asked,
      met: fact.met,
      detail: fact.found,
    })),
    plan: one.plan,
    commands: one.commands.map((gate) => ({
      name: gate.name,
      argv: gate.argv,
      outcome: gate.outcome,
      exit_code: gate.exitCode,
      detail: gate.detail,
      duration_ms: gate.durationMs,
      sandboxed: gate.sandboxed,
      log: gate.logFile,
      tail: gate.tail,
    })),
    answered: one.answered,
    unjudged_since: one.unjudgedSince.map(({ at, why }) => ({ at: iso(at), why })),
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
