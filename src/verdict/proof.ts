import type { Contract } from '../contract/types.ts'
import type { Evidence } from '../contract/types.ts'
import type { Found } from '../evidence/found.ts'
import type { CommandRecord } from '../gates/command-record.ts'
import type { Judgement } from './judgement.ts'

/** What one piece of evidence rests on in a judgement. */
export type ProvedBy =
  | { readonly kind: 'look'; readonly found: Found }
  | { readonly kind: 'command'; readonly name: string; readonly outcome: CommandRecord['outcome'] }
  /** Neither looked at nor run: nothing is known of it. */
  | { readonly kind: 'nothing' }

export interface EvidenceProof {
  readonly taskId: string
  readonly index: number
  readonly required: boolean
  readonly evidence: Evidence
  /** Null when nobody looked. */
  readonly met: boolean | null
  readonly by: ProvedBy
}

/** Every piece of evidence of the contract with what the judgement says of it, in the contract's order. Pure. */
export function proofs(contract: Contract, judgement: Judgement | null): readonly EvidenceProof[] {
  return contract.tasks.flatMap((task) =>
    task.evidence.map((evidence, index): EvidenceProof => {
      const asked = { taskId: task.id, index, required: task.required, evidence }
      if (evidence.kind === 'commandRef') {
        const command = judgement?.commands.find((one) => one.name === evidence.name)
        return command
          ? {
              ...asked,
              met: command.outcome === 'passed',
              by: { kind: 'command', name: command.name, outcome: command.outcome },
            }
          : { ...asked, met: null, by: { kind: 'nothing' } }
      }
      const fact = judgement?.evidence.find((one) => one.taskId === task.id && one.index === index)
      return fact
        ? { ...asked, met: fact.met, by: { kind: 'look', found: fact.found } }
        : { ...asked, met: null, by: { kind: 'nothing' } }
    }),
  )
}

/** Whether a whole task holds: false as soon as one piece is missing, null while one was not looked at. */
export function taskMet(proofsOfTask: readonly EvidenceProof[]): boolean | null {
  if (proofsOfTask.some((one) => one.met === false)) return false
  return proofsOfTask.length > 0 && proofsOfTask.every((one) => one.met === true) ? true : null
}
