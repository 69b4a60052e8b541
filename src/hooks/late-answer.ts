import { never } from '../base/result.ts'
import type { HookAnswer, HookPayload } from '../codex/types.ts'
import { readPrompt } from '../control/prompt-grammar.ts'
import { nothing } from './handled.ts'

const deadlineReason =
  "autonomous-loop: this stop could not be judged before the hook's deadline. Nothing was released; end what is slow or hangs, then stop again."

/** What the guard says in place of a hook that is still not done at its deadline. Pure. */
export function lateAnswer(payload: HookPayload): HookAnswer {
  if (payload.agentId !== null) return nothing
  const why = 'the hook did not get through before its deadline; see: autonomous-loop status'
  switch (payload.event) {
    case 'Stop':
      return { kind: 'block', reason: deadlineReason }
    case 'UserPromptSubmit': {
      const request = readPrompt(payload.prompt)
      if (request.kind === 'control') {
        const text = `autonomous-loop: ${request.verb} is not known to be applied: ${why}`
        return { kind: 'block', reason: text }
      }
      if (request.kind !== 'arm')
        return { kind: 'message', text: `autonomous-loop could not look at this prompt: ${why}` }
      // As when arming fails: the prompt goes on, and both sides are told that nothing holds it.
      const text = `autonomous-loop is NOT armed, as far as is known: ${why}`
      return {
        kind: 'context',
        event: 'UserPromptSubmit',
        text: `${text}\nTell the person this before anything else.`,
        systemMessage: text,
      }
    }
    case 'SessionStart':
    case 'PostToolUse':
      return { kind: 'message', text: `autonomous-loop is not watching: ${why}` }
    case 'SubagentStart':
    case 'SubagentStop':
      return nothing
    default:
      return never(payload, 'event')
  }
}

/** The same for a stop of a session that nothing holds. */
export const lateUnheld: HookAnswer = {
  kind: 'message',
  text: "autonomous-loop did not get through this stop before the hook's deadline; nothing holds this session, and a request that was left is not carried out",
}
