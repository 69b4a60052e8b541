import { canonicalJson } from '../base/hash.ts'
import { oneLine } from '../base/text.ts'
import type { Contract, Task } from './types.ts'

/** Longest title made from an objective, in UTF-16 units. */
const TITLE_LENGTH = 80

/** The one task of a contract without tasks: something in the workspace has to change. */
export function implicitTask(objective: string): Task {
  return {
    id: 'T1',
    // An objective may be a page; more of it than this is not looked at.
    title: oneLine(objective.slice(0, 1000), TITLE_LENGTH),
    required: true,
    dependsOn: [],
    evidence: [{ kind: 'pathChanged', glob: '**/*' }],
  }
}

/** Whether the contract still consists of exactly the task it was given for lack of any. */
export function hasImplicitTask(contract: Contract): boolean {
  return (
    contract.tasks.length === 1 &&
    canonicalJson(contract.tasks[0]) === canonicalJson(implicitTask(contract.objective))
  )
}
