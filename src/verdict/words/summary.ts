import type { RunState } from '../../ledger/state.ts'
import { short } from './short.ts'

/** A run in two or three lines for a person: state, objective, what is outstanding. */
export function runSummary(run: RunState): string {
  const { contract } = run
  const cause = run.status === 'parked' ? run.parkCause : run.status === 'halted' ? run.haltCause : null
  const lines = [
    `Run ${run.runId.slice(0, 12)} is ${run.status}${cause ? ` (${cause})` : ''}: "${short(contract.objective)}", stop ${run.iteration} of ${contract.limits.maxStopIterations}.`,
  ]
  const last = run.lastStop
  if (last && run.closed === null) {
    if (last.outstandingTaskIds.length > 0) lines.push(`Outstanding: ${last.outstandingTaskIds.join(', ')}.`)
    if (last.failedGates.length > 0) lines.push(`Failing gates: ${last.failedGates.join(', ')}.`)
  }
  return lines.join(' ')
}
