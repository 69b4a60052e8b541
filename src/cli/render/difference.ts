import type { AcceptableDifference } from '../../definition/drift.ts'
import type { RunState } from '../../ledger/state.ts'
import { changeWords, differenceWords } from '../../verdict/words/definition.ts'
import { oneLine } from '../../base/text.ts'
import { type Doc, indented, strong } from './doc.ts'

/** The command that accepts exactly this difference for exactly this run. */
export function amendCall(run: Pick<RunState, 'runId'>, drift: Pick<AcceptableDifference, 'digest'>): string {
  return `autonomous-loop amend ${drift.digest.slice(0, 12)} ${run.runId.slice(0, 12)}`
}

/** What a run would have to take over, for machines; nothing was accepted. */
export function differenceAnswer(sessionId: string, run: RunState, drift: AcceptableDifference): object {
  return {
    ok: false,
    action: 'amend',
    session_id: sessionId,
    run_id: run.runId,
    state: run.status,
    definition_changes: drift.changes.map((change) => ({ ...change, text: changeWords(change) })),
    amend_digest: drift.digest.slice(0, 12),
    next: amendCall(run, drift),
  }
}

/** The same for a person. */
export function differenceDoc(run: RunState, drift: AcceptableDifference): Doc {
  return [
    `Nothing was accepted. The open run "${oneLine(run.contract.objective, 100)}" was frozen before this:`,
    ...indented(differenceWords(drift), 2),
    ['accept exactly this: ', strong(amendCall(run, drift))],
  ]
}
