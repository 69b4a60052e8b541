import { askedFor } from '../../contract/evidence-kinds.ts'
import type { Task } from '../../contract/types.ts'
import type { EvidenceRef } from '../../evidence/types.ts'

/** Evidence that protects nothing, as answers show it. */
export interface ShownEvidence {
  readonly task_id: string
  readonly index: number
  /** `pathUnchanged docs/**` */
  readonly evidence: string
}

const most = 5

/** What is no longer in the contract is left out. */
export function shownEvidence(tasks: readonly Task[], refs: readonly EvidenceRef[]): ShownEvidence[] {
  return refs.flatMap(({ taskId, index }) => {
    const evidence = tasks.find((task) => task.id === taskId)?.evidence[index]
    return evidence ? [{ task_id: taskId, index, evidence: askedFor(evidence) }] : []
  })
}

/** Said where a contract is read or begun, and in its status. `when`: `is` before a run, `was` of its start. */
export function protectsNothingWords(shown: readonly ShownEvidence[], when: 'is' | 'was'): string {
  const named = shown.slice(0, most).map((one) => `${one.evidence} (${one.task_id})`)
  const more = shown.length - named.length
  const all = `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  const nothing = when === 'is' ? 'nothing matches' : 'when the run began nothing matched'
  return `${nothing} ${all}, so ${shown.length === 1 ? 'it protects' : 'they protect'} nothing`
}
