import { sha256 } from '../base/hash.ts'
import { type Failure, ok } from '../base/result.ts'
import { isPlanTurn, isUnderWay } from '../codex/transcript/turn.ts'
import type { HookAnswer, HookPayload } from '../codex/types.ts'
import { givesWay, promptRequestId } from '../control/prompt-session.ts'
import type { Context } from '../records/context.ts'
import { cliWord } from '../records/cli-place.ts'
import { moveRun } from '../control/move.ts'
import { act } from '../control/person.ts'
import { type ControlVerb, readPrompt } from '../control/prompt-grammar.ts'
import { dropSpool, maxFiles, spoolOf } from '../control/spool.ts'
import type { NewEvent } from '../ledger/events.ts'
import { type RunState, armingTurn, openRun } from '../ledger/state.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { append, readSession } from '../ledger/store.ts'
import { changedBeforeWords } from '../verdict/words/changed-before.ts'
import { armedContext } from '../verdict/words/context.ts'
import { amendWords } from '../verdict/words/definition.ts'
import { goOnWords } from '../verdict/words/go-on.ts'
import { short } from '../verdict/words/short.ts'
import { uncheckedWords } from '../verdict/words/unchecked.ts'
import { runSummary } from '../verdict/words/summary.ts'
import { nothing } from './handled.ts'
import { loadEngine } from './load-engine.ts'
import { noteRefused } from './refused-note.ts'
import { type SessionView, openSession } from './session-view.ts'
import { wordsOf } from './stop-answer.ts'

type Prompt = Extract<HookPayload, { event: 'UserPromptSubmit' }>

/** The person's channel. Sub-agents forge prompts with the root's id, so anything with an agent id is ignored. */
export async function onUserPromptSubmit(context: Context, payload: Prompt): Promise<HookAnswer> {
  if (payload.agentId !== null) return nothing
  const said = await respond(context, payload)
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

async function respond(context: Context, payload: Prompt): Promise<HookAnswer> {
  const request = readPrompt(payload.prompt)
  if (request.kind === 'terminal')
    return undone(
      `nothing was armed: "${request.word}" is a command. Did you mean autonomous-loop ${request.word} in a terminal? For an objective, say it in more words.`,
    )
  if (request.kind === 'near')
    return undone(
      'nothing was done. Orders: autonomous-loop status, pause, resume, waive, disable, amend; a reason behind a colon (autonomous-loop waive: good enough). Begin a prompt for the agent with other words.',
    )
  const letsGo = request.kind === 'control' && ['disable', 'waive'].includes(request.verb)
  const session = await openSession(context, payload, letsGo ? 'leave' : 'take in')
  if (!session.ok) {
    const repair = request.kind === 'control' && request.verb === 'resume' && request.argument === null
    if (repair && session.error.code === 'marker-missing') return carryOut(context, payload, 'resume', null)
    const text = `autonomous-loop: this session's record does not hold: ${session.error.message}`
    return request.kind === 'control'
      ? refusal(request.verb, session.error.message)
      : { kind: 'message', text }
  }
  if (request.kind === 'control')
    return control(context, payload, session.value, request.verb, request.argument)
  const note =
    (await notePrompt(context, payload, session.value)) ?? (await unheldNote(context, payload, session.value))
  if (request.kind === 'none') return note ? { kind: 'message', text: note } : nothing
  if (request.kind === 'inside') return passedBy(request.quoted, note)
  return arm(context, payload, session.value, request.objective)
}

/** The prompt goes to the agent. Both are told, because not every client shows what a hook says. */
function passedBy(quoted: boolean, note: string | undefined): HookAnswer {
  const why = quoted ? 'your words cannot be told from what it quotes' : 'an order must come first in it'
  const text = `autonomous-loop: nothing was done, because ${why}. Type it alone, or $autonomous-loop and what to do.`
  const systemMessage = note ? `${note}\n${text}` : text
  return { kind: 'context', event: 'UserPromptSubmit', text: `${text}\nTell the person this.`, systemMessage }
}

async function arm(
  context: Context,
  payload: Prompt,
  session: SessionView,
  objective: string,
): Promise<HookAnswer> {
  const { open } = session
  if (open && isTwin(open, payload, objective)) return nothing
  if (open && !givesWay(open))
    return {
      kind: 'block',
      reason: `autonomous-loop: a run is open already, so this prompt armed nothing. ${runSummary(open)}\nEnd it first with the prompt: autonomous-loop waive (let it go) or autonomous-loop disable.`,
    }
  const { armByPrompt, notHeld } = await loadEngine()
  const refuse = (error: Pick<Failure, 'message' | 'fix'>, rest: string): HookAnswer => {
    const why = `${error.message}${error.fix ? `. Fix: ${error.fix}` : ''}`
    noteRefused(context, payload, session.live, why)
    return notArmed(`autonomous-loop is NOT armed, ${rest}: ${why}`)
  }
  const unheld = notHeld(context, payload.sessionId, session.live, payload.event)
  if (unheld) return refuse({ message: unheld.why, fix: unheld.fix }, 'nothing is enforced')
  const armed = await armByPrompt(context, payload, objective, open)
  if (armed.ok) {
    const replaced = open
      ? `The run that the agent had armed by itself ("${short(open.contract.objective)}") is closed for it. `
      : ''
    const changed = changedBeforeWords(armed.value.activation.changedBefore)
    const said = changed === '' ? '' : `${changed}\n`
    const tell = changed === '' ? '' : 'Tell the person this, word for word, before anything else.\n'
    return {
      kind: 'context',
      event: 'UserPromptSubmit',
      text: `${said}${tell}${replaced}${armedContext(armed.value, cliWord(context.env.home))}`,
      systemMessage: `autonomous-loop: armed. ${said}${replaced}${runSummary(armed.value)}`,
    }
  }
  const other = readSession(context.env.home, payload.sessionId)
  const now = other.ok ? openRun(other.value.state) : undefined
  if (now && isTwin(now, payload, objective)) return nothing
  return refuse(
    armed.error,
    open ? 'only what the agent armed by itself is enforced' : 'nothing will be enforced',
  )
}

function notArmed(why: string): HookAnswer {
  return {
    kind: 'context',
    event: 'UserPromptSubmit',
    text: `${why}\nTell the person this before anything else.`,
    systemMessage: why,
  }
}

/** The hook can go while a run is open; nothing else would tell before the session ends unheld. */
async function unheldNote(
  context: Context,
  payload: Prompt,
  { open, live }: SessionView,
): Promise<string | undefined> {
  if (open?.status !== 'active') return undefined
  const { notHeld } = await loadEngine()
  const unheld = notHeld(context, payload.sessionId, live, payload.event)
  return unheld && `autonomous-loop: the open contract is NOT enforced: ${unheld.why}. Fix: ${unheld.fix}`
}

/** Another hook of ours has heard the same prompt and armed; it says so. */
function isTwin(run: RunState, payload: Prompt, objective: string): boolean {
  return run.activation.requestId === promptRequestId(payload, objective)
}

async function control(
  context: Context,
  payload: Prompt,
  session: SessionView,
  verb: ControlVerb,
  argument: string | null,
): Promise<HookAnswer> {
  const { open } = session
  if (verb === 'disable' || verb === 'waive') return end(context, payload, session, verb, argument)
  if (verb === 'status')
    return open
      ? told(payload, open, await uncheckedNote(payload, open))
      : answer('no open run in this session.')
  if (verb === 'resume' && !open && argument) {
    const moved = moveRun(context, argument, payload.sessionId)
    return moved.ok ? told(payload, moved.value, 'moved here. ') : refusal(verb, moved.error.message)
  }
  if (!open) return refusal(verb, 'this session has no open run')
  if (verb === 'amend') {
    const { amend, differenceNow } = await loadEngine()
    if (!argument) {
      const now = differenceNow(context, open)
      return now.ok ? answer(amendWords(now.value)) : refusal(verb, now.error.message)
    }
    const amended = amend(context, payload.sessionId, open, argument, 'prompt', null)
    return amended.ok ? told(payload, amended.value, 'accepted. ') : refusal(verb, amended.error.message)
  }
  return carryOut(context, payload, verb, argument)
}

/** What the agent asked for before goes with the run: taken in at the next stop it would hold the session anew. */
function end(
  context: Context,
  payload: Prompt,
  { open, live }: SessionView,
  verb: 'disable' | 'waive',
  argument: string | null,
): HookAnswer {
  const done =
    open && act(context, payload.sessionId, verb === 'waive' ? 'release' : verb, 'prompt', argument)
  if (done && !done.ok) return refusal(verb, done.error.message)
  const dropped = dropSpool(spoolOf(context.env.uid, live, payload.sessionId), context.env.uid)
  const word = dropped === 1 ? 'request' : 'requests'
  const count = dropped > maxFiles ? `More than ${maxFiles}` : dropped
  const also = dropped === 0 ? '' : `${count} ${word} that the agent had left will not be carried out. `
  if (done) return told(payload, done.value, also)
  const none = 'this session has no open run'
  return also === '' ? refusal(verb, none) : answer(`${also}Otherwise ${none}.`)
}

function carryOut(
  context: Context,
  payload: Prompt,
  verb: 'pause' | 'resume',
  argument: string | null,
): HookAnswer {
  const done = act(context, payload.sessionId, verb, 'prompt', argument)
  return done.ok ? told(payload, done.value) : refusal(verb, done.error.message)
}

/** How the run stands after an order, and how the work goes on. */
function told({ sessionId }: Prompt, run: RunState, first = ''): HookAnswer {
  const changed = run.status === 'parked' && run.park.kind === 'definition'
  const look = changed ? 'The prompt autonomous-loop amend shows the change. ' : ''
  return answer(`${first}${runSummary(run)} ${look}${goOnWords(run.status, sessionId)}`)
}

/** Records the prompt (it un-parks), and that the turn before it ended without being judged, which it says. */
async function notePrompt(
  context: Context,
  payload: Prompt,
  { open }: SessionView,
): Promise<string | undefined> {
  if (!open || open.status === 'paused') return undefined
  // A turn in plan mode is not judged, so no stop of it will be missing.
  const turnId = payload.transcriptPath && isPlanTurn(payload.transcriptPath) ? null : payload.turnId
  const why = await unchecked(payload, open)
  const missed: NewEvent[] =
    why === null || open.unjudgedWhy !== null
      ? []
      : [{ type: 'unjudged', data: { why, payloadSha256: sha256(`${open.runId} ${open.unjudgedTurn}`) } }]
  const written = append(sessionPaths(context.env.home, payload.sessionId), context.clock, (state) =>
    ok(
      openRun(state) ? [...missed, { type: 'prompt', data: { sha256: sha256(payload.prompt), turnId } }] : [],
    ),
  )
  if (!written.ok) return `autonomous-loop: this prompt was not recorded: ${written.error.message}`
  return why === null ? undefined : `autonomous-loop: ${uncheckedWords(why)}`
}

/** Why the turn before this prompt's ended without a verdict; null for a steer, whose turn goes on. */
async function unchecked({ turnId, transcriptPath }: Prompt, open: RunState): Promise<string | null> {
  if (open.unjudgedTurn === null && open.unjudgedWhy === null) return null
  if (turnId === null || open.unjudgedTurn === turnId) return null
  // Without a transcript nothing tells a steer of the first turn from a prompt after it.
  if (transcriptPath === null ? open.unjudgedTurn === armingTurn : isUnderWay(transcriptPath, turnId))
    return null
  const { uncheckedTurn } = await loadEngine()
  return uncheckedTurn(open, transcriptPath, true)
}

async function uncheckedNote(payload: Prompt, open: RunState): Promise<string> {
  const why = await unchecked(payload, open)
  return why === null ? '' : `${uncheckedWords(why)} `
}

/** "Hook stopped", says the TUI above it. */
function answer(text: string): HookAnswer {
  return { kind: 'end', stopReason: `autonomous-loop: ${text}` }
}

/** "Blocked by hook". */
function undone(text: string): HookAnswer {
  return { kind: 'block', reason: `autonomous-loop: ${text}` }
}

function refusal(verb: ControlVerb, why: string): HookAnswer {
  return undone(`${verb} was not applied because ${why}`)
}
