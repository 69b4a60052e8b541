import type { RunState } from '../../ledger/state.ts'
import { processText } from '../../verdict/blockers.ts'
import type { Checked } from '../check-run.ts'
import { type Doc, type Line, bad, columns, good, quiet, strong, warn } from './doc.ts'

/** `check` for a person: each thing looked at with its result, then the words the agent would get. */
export function checkDoc(run: RunState, { facts, decision }: Checked, reason: string | null): Doc {
  const titles = new Map(run.contract.tasks.map((task) => [task.id, task]))
  const rows: Line[] = [
    ...facts.evidence.map((one): Line => [
      one.met ? good('met') : titles.get(one.taskId)?.required === false ? quiet('open') : bad('open'),
      one.taskId,
      one.detail,
    ]),
    ...facts.commands.map((one): Line => [
      one.outcome === 'passed' ? good('passed') : one.outcome === 'failed' ? bad('failed') : warn('no run'),
      one.name,
      `${one.argv.join(' ')} (${(one.durationMs / 1000).toFixed(1)} s${one.sandboxed ? '' : ', no sandbox'})`,
    ]),
  ]
  return [
    [strong(run.contract.objective)],
    ...columns(rows, 2),
    ...(facts.gatesRun === 'full'
      ? []
      : [[quiet('  The release gates were not run, because something cheaper is open.')]]),
    '',
    ...(decision.verdict === 'release' && facts.background.length > 0
      ? [[warn(`Commands of the agent still run: ${facts.background.map(processText).join(', ')}`)]]
      : []),
    decision.verdict === 'release'
      ? [good('Nothing is outstanding: the next stop releases.')]
      : (reason ?? ''),
  ]
}
