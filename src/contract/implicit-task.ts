import { canonicalJson } from '../base/hash.ts'
import type { Contract, Task } from './types.ts'

/** Longest title made from an objective, in UTF-16 units. */
const TITLE_LENGTH = 80

/** The one task of a contract without tasks: something in the workspace has to change. */
export function implicitTask(objective: string): Task {
  return {
    id: 'T1',
    title: shortened(objective),
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

function shortened(text: string): string {
  const line = text.slice(0, 1000).replace(/\s+/g, ' ').trim()
  // A cut through a surrogate pair would not survive as UTF-8.
  return line.length <= TITLE_LENGTH
    ? line
    : `${line.slice(0, TITLE_LENGTH - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
