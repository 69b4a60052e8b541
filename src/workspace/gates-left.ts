import type { Look } from './look.ts'
import { type LeftByGates, leftBetween } from './left-by-gates.ts'
import type { RunState } from '../ledger/state.ts'

/** What gates left between two looks, where the contract has evidence that such files would meet. */
export function gatesLeft(run: RunState, before: Look, after: Look): LeftByGates | null {
  const matters = run.contract.tasks.some((task) => task.evidence.some((one) => one.kind === 'pathChanged'))
  return matters
    ? leftBetween(run.activation.repoRoot, before.comparison, before.byGates, after.comparison)
    : null
}
