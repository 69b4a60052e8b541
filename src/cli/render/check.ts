import type { RunState } from '../../ledger/state.ts'
import { processText } from '../../verdict/blockers.ts'
import type { Judgement } from '../../verdict/judgement.ts'
import { proofs } from '../../verdict/proof.ts'
import { askedFor } from '../../contract/evidence-kinds.ts'
import { provedWords } from '../../verdict/words/evidence.ts'
import { placeWords } from '../../verdict/words/place.ts'
import { type Doc, type Line, bad, columns, good, quiet, strong, warn } from './doc.ts'

/** `check` for a person: each thing looked at with its result, then the words the agent would get. */
export function checkDoc(run: RunState, judgement: Judgement, reason: string | null): Doc {
  const rows: Line[] = [
    ...proofs(run.contract, judgement).map(({ met, required, taskId, evidence, by }): Line => [
      met === true ? good('met') : met === null || !required ? quiet('open') : bad('open'),
      taskId,
      `${askedFor(evidence)}: ${provedWords(evidence, by)}`,
    ]),
    ...judgement.commands.map((one): Line => [
      one.outcome === 'passed' ? good('passed') : one.outcome === 'failed' ? bad('failed') : warn('no run'),
      one.name,
      `${one.argv.join(' ')} (${(one.durationMs / 1000).toFixed(1)} s${placeWords(one)})`,
    ]),
  ]
  const background = judgement.session?.background ?? []
  return [
    [strong(run.contract.objective)],
    ...columns(rows, 2),
    ...(judgement.gatesRun === 'full'
      ? []
      : [[quiet('  The release gates were not run, because something cheaper is open.')]]),
    ...(judgement.commands.some(({ box, reused }) => box?.place === 'clean-room' && !reused)
      ? [[quiet('  Gates ran in a clean room that was made for this check and is removed again.')]]
      : []),
    '',
    ...(judgement.verdict === 'release' && background.length > 0
      ? [[warn(`Commands of the agent still run: ${background.map(processText).join(', ')}`)]]
      : []),
    judgement.verdict === 'release'
      ? [good('Nothing is outstanding: the next stop releases.')]
      : (reason ?? ''),
  ]
}
