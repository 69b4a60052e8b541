import { never } from '../base/result.ts'
import { clipReason, clipText } from './clip.ts'
import type { HookAnswer, HookEvent, Host } from './types.ts'

export { clipReason, clipText } from './clip.ts'

/** A blank reason would make Codex fail the hook and let the stop through. */
const NO_REASON = 'autonomous-loop: not done (no reason was given; see `autonomous-loop status`)'

/** What each event can say. Anything else makes Codex fail the hook. An end at a prompt swallows it, as a block does. */
const ALLOWED: Readonly<Record<HookEvent, readonly HookAnswer['kind'][]>> = {
  Stop: ['nothing', 'message', 'block', 'end'],
  SessionStart: ['nothing', 'message', 'context'],
  UserPromptSubmit: ['nothing', 'message', 'block', 'end', 'context'],
  PostToolUse: ['nothing', 'message'],
  SubagentStart: ['nothing'],
  SubagentStop: ['nothing'],
}

/**
 * The answer as the one JSON object Codex accepts for this event, '' for nothing. Texts are cleaned and clipped to
 * what reaches the model whole. Claude Code takes the same. Throws when the answer does not belong to the event: that is a bug of the caller.
 */
export function renderAnswer(answer: HookAnswer, event: HookEvent, host: Host = 'codex'): string {
  if (!ALLOWED[event].includes(answer.kind) || (answer.kind === 'context' && answer.event !== event))
    throw new Error(`${event} cannot answer with ${answer.kind}`)
  switch (answer.kind) {
    case 'nothing':
      return ''
    case 'message': {
      const systemMessage = clipText(answer.text)
      return systemMessage === '' ? '' : JSON.stringify({ systemMessage })
    }
    case 'block':
      return JSON.stringify({
        decision: 'block',
        reason: clipReason(answer.reason) || NO_REASON,
        ...message(answer.systemMessage, answer.reason),
      })
    case 'end':
      return JSON.stringify({
        continue: false,
        stopReason: clipText(answer.stopReason) || NO_REASON,
        // Claude Code shows nobody the reason of a stop (measured on 2.1.332).
        ...message(
          answer.systemMessage,
          host === 'claude' && event === 'Stop' ? undefined : answer.stopReason,
        ),
      })
    case 'context': {
      const additionalContext = clipText(answer.text)
      return additionalContext === ''
        ? renderAnswer(
            answer.systemMessage ? { kind: 'message', text: answer.systemMessage } : { kind: 'nothing' },
            event,
          )
        : JSON.stringify({
            hookSpecificOutput: { hookEventName: answer.event, additionalContext },
            ...message(answer.systemMessage),
          })
    }
    default:
      return never(answer, 'hook answer')
  }
}

/** Left out when blank, and when it is what is `said` already: the TUI shows both, one below the other. */
function message(text: string | undefined, said?: string): { systemMessage?: string } {
  const systemMessage = text === undefined || text === said ? '' : clipText(text)
  return systemMessage === '' ? {} : { systemMessage }
}
