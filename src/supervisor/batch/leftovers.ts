import path from 'node:path'
import { endProcesses } from '../../base/end-processes.ts'
import { markedTrees } from '../../base/process-table.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { GATE_VARIABLE } from '../../gates/environment.ts'

/** As long as an agent gets that is told to end. */
const GRACE_MS = 5000

/**
 * Ends what a supervisor left running that was killed: agents and gates, which carry the id of their batch, and git at work in our
 * data of the repository, which is its home there. Only for who holds the lock: then none of it is anybody's. Code: leftovers.
 */
export async function endLeftovers(batches: readonly string[], data: string): Promise<Result<void>> {
  const find = (): number[] => leftoversOf(batches, data)
  if (await endProcesses(find, GRACE_MS)) return ok(undefined)
  const left = find()
  return fail('leftovers', `processes of an earlier run cannot be ended: ${left.join(', ')}`, {
    data: { pids: left },
  })
}

/** What is at work for these batches. Where a process supervises, or carries out an order, it is that one's. */
export function leftoversOf(batches: readonly string[], data: string): number[] {
  const marks = batches.map((batch) => `${GATE_VARIABLE}=${batch}`)
  const home = `HOME=${path.join(data, 'settings')}/`
  return markedTrees(
    (entries, separator) =>
      entries.includes(separator + home) ||
      marks.some((mark) => [':', '-'].some((end) => entries.includes(separator + mark + end))),
  )
}
