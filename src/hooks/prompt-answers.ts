import type { HookAnswer, HookPayload } from '../codex/types.ts'
import type { ControlVerb } from '../control/prompt-grammar.ts'

export type Prompt = Extract<HookPayload, { event: 'UserPromptSubmit' }>

/** "Hook stopped", says the TUI above it. */
export function answer(text: string): HookAnswer {
  return { kind: 'end', stopReason: `autonomous-loop: ${text}` }
}

/** "Blocked by hook". */
export function undone(text: string): HookAnswer {
  return { kind: 'block', reason: `autonomous-loop: ${text}` }
}

export function refusal(verb: ControlVerb, why: string): HookAnswer {
  return undone(`${verb} was not applied because ${why}`)
}
