import { ok } from '../../base/result.ts'
import { cliWord } from '../../records/cli-place.ts'
import { readSession } from '../../ledger/store.ts'
import type { Judgement } from '../../verdict/judgement.ts'
import { askedFor } from '../../contract/evidence-kinds.ts'
import { proofs } from '../../verdict/proof.ts'
import { provedWords } from '../../verdict/words/evidence.ts'
import { blockReason } from '../../verdict/words/block.ts'
import { checkRun } from '../check-run.ts'
import { command } from '../command.ts'
import { type FoundRun, findRun } from '../find-run.ts'
import { checkDoc } from '../render/check.ts'
import { commandAnswer, judgementAnswer, proofAnswer } from '../render/report-answer.ts'
import { idTwice, whichRun } from '../which-run.ts'

/** `check`: what the next stop would say, without recording anything. Exit status 0: nothing is outstanding. */
export const check = command({
  ...whichRun,
  usage: idTwice,
  run: async (args, io) => {
    const found = findRun(io.context, args)
    if (!found.ok) return found
    const { run, sessionId } = found.value
    const checked = await checkRun(io, run, sessionId)
    if (!checked.ok) return checked
    const { home } = io.context.env
    const session = readSession(home, sessionId)
    const head = session.ok ? session.value.state.head : ''
    const judgement = checked.value
    // Whoever asks gets everything in full, also what a stop has shown before.
    const fresh = { ...run, lastStop: null }
    const released = judgement.verdict === 'release'
    const reason = released
      ? null
      : blockReason(judgement, fresh, head, { kind: 'session', cli: cliWord(home) })
    return ok({
      code: released ? 0 : 1,
      data: checkAnswer(found.value, judgement, reason),
      text: () => checkDoc(run, judgement, reason),
    })
  },
})

function checkAnswer(found: FoundRun, judgement: Judgement, reason: string | null): object {
  const { session } = judgement
  return {
    ok: judgement.verdict === 'release',
    repo_root: found.repoRoot,
    session_id: found.sessionId,
    run_id: found.run.runId,
    state: found.run.status,
    ...judgementAnswer(judgement),
    evidence: proofs(found.run.contract, judgement).map(({ taskId, index, evidence, met, by }) => ({
      task_id: taskId,
      index,
      asked: askedFor(evidence),
      met,
      ...proofAnswer({ by, words: provedWords(evidence, by) }),
    })),
    plan: session?.plan ?? null,
    gates_run: judgement.gatesRun,
    commands: judgement.commands.map(commandAnswer),
    background: (session?.background ?? []).map((one) => ({ pid: one.pid, command: one.command })),
    gate_writes: judgement.blockers.flatMap((one) => (one.kind === 'gate-writes' ? one.paths : [])),
    reason,
  }
}
