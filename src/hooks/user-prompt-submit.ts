import type { Failure } from '../base/result.ts'
import { isUnderWay } from '../codex/transcript/turn.ts'
import type { HookAnswer } from '../codex/types.ts'
import { type PromptRequest, readPrompt } from '../control/prompt-grammar.ts'
import type { Context } from '../records/context.ts'
import { nothing } from './handled.ts'
import { type Prompt, refusal, undone } from './prompt-answers.ts'
import { arm } from './prompt-arms.ts'
import { notePrompt, unheldNote } from './prompt-notes.ts'
import { carryOut, control } from './prompt-orders.ts'
import { type SessionView, openSession } from './session-view.ts'
import { withNote, wordsOf } from './stop-answer.ts'

/** The person's channel. Sub-agents forge prompts with the root's id, so anything with an agent id is ignored. */
export async function onUserPromptSubmit(context: Context, payload: Prompt): Promise<HookAnswer> {
  if (payload.agentId !== null) return nothing
  const { answer, note } = await respond(context, payload)
  const said = note === null ? answer : withNote(answer, `autonomous-loop: ${note}`)
  const { transcriptPath, turnId } = payload
  if (said.kind !== 'end' && said.kind !== 'block') return said
  if (!transcriptPath || !turnId || !isUnderWay(transcriptPath, turnId)) return said
  // Either answer would end the turn that this prompt came into, and no stop would judge it (measured).
  const words = wordsOf(said)
  return {
    kind: 'context',
    event: 'UserPromptSubmit',
    text: `The person's message was for autonomous-loop, which answered it. Go on with your work.\n${words}`,
    systemMessage: words,
  }
}

interface Response {
  readonly answer: HookAnswer
  /** Of the release before; null where there is nothing to say. */
  readonly note: string | null
}

async function respond(context: Context, payload: Prompt): Promise<Response> {
  const request = readPrompt(payload.prompt)
  // Outside of a sandbox an agent can start Claude Code on its own session and type for the person.
  if (payload.host && context.env.vars['CLAUDE_CODE_EXECPATH'])
    return alone(
      request.kind === 'none'
        ? nothing
        : undone("nothing was done: this prompt comes from an agent's shell."),
    )
  if (request.kind === 'terminal')
    return alone(
      undone(
        `nothing was armed: "${request.word}" is a command. Did you mean autonomous-loop ${request.word} in a terminal? For an objective, say it in more words.`,
      ),
    )
  if (request.kind === 'near')
    return alone(
      undone(
        'nothing was done. Orders: autonomous-loop status, pause, resume, waive, disable, amend; a reason behind a colon (autonomous-loop waive: good enough). Begin a prompt for the agent with other words.',
      ),
    )
  const letsGo = request.kind === 'control' && ['disable', 'waive'].includes(request.verb)
  const session = await openSession(context, payload, { letsGo })
  if (!session.ok) return alone(unopened(context, payload, request, session.error))
  const answer = await answerPrompt(context, payload, request, session.value)
  return { answer, note: session.value.note }
}

function alone(answer: HookAnswer): Response {
  return { answer, note: null }
}

function unopened(context: Context, payload: Prompt, request: PromptRequest, error: Failure): HookAnswer {
  if (request.kind !== 'control')
    return { kind: 'message', text: `autonomous-loop: this session's record does not hold: ${error.message}` }
  const repair = request.verb === 'resume' && request.argument === null
  return repair && error.code === 'marker-missing'
    ? carryOut(context, payload, 'resume', null)
    : refusal(request.verb, error.message)
}

async function answerPrompt(
  context: Context,
  payload: Prompt,
  request: PromptRequest,
  session: SessionView,
): Promise<HookAnswer> {
  if (request.kind === 'control') return control(context, payload, session, request.verb, request.argument)
  const note = (await notePrompt(context, payload, session)) ?? (await unheldNote(context, payload, session))
  if (request.kind === 'arm') {
    const armed = await arm(context, payload, session, request.objective)
    return note && armed.kind !== 'nothing' ? withNote(armed, note) : armed
  }
  if (request.kind === 'inside') return passedBy(request.quoted, note)
  return note ? { kind: 'message', text: note } : nothing
}

/** The prompt goes to the agent. Both are told, because not every client shows what a hook says. */
function passedBy(quoted: boolean, note: string | undefined): HookAnswer {
  const why = quoted ? 'your words cannot be told from what it quotes' : 'an order must come first in it'
  const text = `autonomous-loop: nothing was done, because ${why}. Type it alone, or $autonomous-loop and what to do.`
  const systemMessage = note ? `${note}\n${text}` : text
  return { kind: 'context', event: 'UserPromptSubmit', text: `${text}\nTell the person this.`, systemMessage }
}
