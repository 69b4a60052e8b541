import type { HookAnswer } from '../codex/types.ts'

export const nothing: HookAnswer = { kind: 'nothing' }

/** The one wording for "we cannot vouch": users of the original know it. */
export function failedClosed(why: string): HookAnswer {
  const text = `autonomous-loop failed closed: ${why}`
  return { kind: 'end', stopReason: text, systemMessage: text }
}

/** The shim prints an answer only when this line ends it: half an answer is no answer. */
export const sentinel = 'autoloop:ok'
