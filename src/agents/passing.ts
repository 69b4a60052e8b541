import * as z from 'zod/mini'
import { readReset } from './answer.ts'
import { readAnswer } from './answer-form.ts'

const REASONS = ['quota', 'overloaded', 'network', 'signed-out', 'model-unknown', 'context-full'] as const
const schema = z.object({ reason: z.enum(REASONS) })

/** What a command may say that it could not go on for, although its work is not to blame. */
export type PassingOutcome =
  | { readonly kind: 'quota'; readonly resetsAt: number | null }
  | { readonly kind: Exclude<(typeof REASONS)[number], 'quota'> }

/** By what its result file says; its quota is used up where that says nothing. */
export function passingOutcome(file: string): PassingOutcome {
  const said = readAnswer(file, { schema })
  const reason = said.ok ? (said.value?.reason ?? 'quota') : 'quota'
  return reason === 'quota' ? { kind: 'quota', resetsAt: readReset(file) } : { kind: reason }
}
