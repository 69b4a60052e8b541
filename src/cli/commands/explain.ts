import { ok } from '../../base/result.ts'
import { type Explanation, explain as explainStop } from '../../control/explain.ts'
import type { RunHistory } from '../../control/history.ts'
import { command, cwdFlag, runFlag, sessionFlag } from '../command.ts'
import { historyOf } from '../history-of.ts'
import { done } from '../outcome.ts'
import { explainDoc } from '../render/explain.ts'

/** `explain`: one verdict, taken apart from what was recorded; nothing is looked at anew. */
export const explain = command({
  flags: {
    stop: { type: 'number', describe: 'number of the stop (default: the last one)' },
    full: { type: 'boolean', describe: 'the whole recorded output of every command' },
    ...cwdFlag,
    ...sessionFlag,
    ...runFlag,
  },
  run: (args, { context }) => {
    const history = historyOf(context, args)
    if (!history.ok) return history
    const found = explainStop(history.value, args.stop ?? null)
    if (!found.ok) return found
    return ok(
      done(explainAnswer(history.value, found.value), () =>
        explainDoc(history.value.run, found.value, context.clock(), args.full === true),
      ),
    )
  },
})

/** The explanation with the field names of our other answers. */
export function explainAnswer({ run, integrity }: RunHistory, one: Explanation): object {
  return {
    run_id: run.runId,
    session_id: run.activation.sessionId,
    repo_root: run.activation.repoRoot,
    objective: run.contract.objective,
    stop: one.stop,
    at: new Date(one.at).toISOString(),
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
    ledger: { seq: one.record.seq, hash: one.record.hash, integrity: integrity.state },
  }
}
