import { ok } from '../../base/result.ts'
import { cliWord } from '../../control/enable.ts'
import { readSession } from '../../ledger/store.ts'
import { blockReason } from '../../verdict/words/block.ts'
import { type Checked, checkRun } from '../check-run.ts'
import { command, cwdFlag, sessionFlag } from '../command.ts'
import { type FoundRun, findRun } from '../find-run.ts'
import { checkDoc } from '../render/check.ts'

/** `check`: what the next stop would say, without recording anything. Exit status 0: nothing is outstanding. */
export const check = command({
  flags: { ...cwdFlag, ...sessionFlag },
  run: async (args, io) => {
    const found = findRun(io.context, { cwd: args.cwd, sessionId: args['session-id'] })
    if (!found.ok) return found
    const { run, sessionId } = found.value
    const checked = await checkRun(io, run)
    if (!checked.ok) return checked
    const { home } = io.context.env
    const session = readSession(home, sessionId)
    const words = { cli: cliWord(home), head: session.ok ? session.value.state.head : '' }
    const { decision, facts } = checked.value
    // Whoever asks gets everything in full, also what a stop has shown before.
    const fresh = { ...run, lastStop: null }
    const reason = decision.verdict === 'release' ? null : blockReason(decision, facts, fresh, words)
    return ok({
      code: decision.verdict === 'release' ? 0 : 1,
      data: checkAnswer(found.value, checked.value, reason),
      text: () => checkDoc(run, checked.value, reason),
    })
  },
})

function checkAnswer(found: FoundRun, { facts, decision }: Checked, reason: string | null): object {
  return {
    ok: decision.verdict === 'release',
    repo_root: found.repoRoot,
    session_id: found.sessionId,
    run_id: found.run.runId,
    state: found.run.status,
    verdict: decision.verdict,
    outstanding_task_ids: decision.outstandingTaskIds,
    evidence: facts.evidence.map((one) => ({
      task_id: one.taskId,
      index: one.index,
      met: one.met,
      detail: one.detail,
    })),
    plan: facts.plan,
    gates_run: facts.gatesRun,
    commands: facts.commands.map((one) => ({
      name: one.name,
      argv: one.argv,
      outcome: one.outcome,
      exit_code: one.exitCode,
      detail: one.detail,
      duration_ms: one.durationMs,
      sandboxed: one.sandboxed,
      tail: one.tail,
    })),
    definition_changes: facts.drift?.changes ?? [],
    amend_digest: facts.drift?.digest.slice(0, 12) ?? null,
    background: facts.background.map((one) => ({ pid: one.pid, command: one.command })),
    gate_writes: facts.gateWrites,
    reason,
  }
}
