import type { HookAnswer } from '../codex/types.ts'

export const nothing: HookAnswer = { kind: 'nothing' }

/** The shim prints an answer only when this line ends it: half an answer is no answer. */
export const sentinel = 'autoloop:ok'
