import { never } from '../../base/result.ts'
import { failedGates } from '../judgement.ts'
import type { RunSoFar } from '../so-far.ts'
import { type Standing, isOpen } from '../standing.ts'
import { haltWords, parkWords } from './limit.ts'
import { reopenedWords } from './release.ts'
import { short } from './short.ts'

/** A run as it is told in one piece. */
export type Told = RunSoFar & Standing & { readonly runId: string }

/** A run in two or three lines for a person: state, objective, what is outstanding. */
export function runSummary(run: Told): string {
  const { contract } = run
  const cause = causeWords(run)
  const lines = [
    `Run ${run.runId.slice(0, 12)} is ${run.status}${cause ? ` (${cause})` : ''}: "${short(contract.objective)}", stop ${run.iteration} of ${contract.limits.maxStopIterations}.`,
  ]
  const last = run.lastStop
  if (last && isOpen(run)) {
    if (last.outstandingTaskIds.length > 0) lines.push(`Outstanding: ${last.outstandingTaskIds.join(', ')}.`)
    const failed = failedGates(last)
    if (failed.length > 0) lines.push(`Failing gates: ${failed.join(', ')}.`)
  }
  return lines.join(' ')
}

/** Why it waits or was halted, or what a person said when it was closed; null where there is nothing to say. */
export function causeWords(run: Standing & Pick<RunSoFar, 'reopened'>): string | null {
  switch (run.status) {
    case 'parked':
      return parkWords(run.park)
    case 'halted':
      return haltWords(run.halt)
    case 'released':
    case 'waived':
    case 'disabled':
      return run.closed.reason
    case 'active':
      return run.reopened ? reopenedWords(run.reopened.changes) : null
    case 'paused':
      return null
    default:
      return never(run, 'run')
  }
}
