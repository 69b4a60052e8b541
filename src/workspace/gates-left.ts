import type { Task } from '../contract/types.ts'
import { checkOf } from '../evidence/kinds/index.ts'
import { type LeftByGates, leftBetween } from './left-by-gates.ts'
import type { WorkspaceLook } from './look.ts'

/** What gates left between two looks, where the contract has evidence that such files would meet. */
export function gatesLeft(
  root: string,
  tasks: readonly Task[],
  before: WorkspaceLook,
  after: WorkspaceLook,
): LeftByGates | null {
  const matters = tasks.some((task) =>
    task.evidence.some((one) => one.kind !== 'commandRef' && checkOf(one.kind).workOnly),
  )
  return matters ? leftBetween(root, before.comparison, before.byGates, after.comparison) : null
}
