import type { HookAnswer } from '../codex/types.ts'
import { moveRun } from '../control/move.ts'
import { act } from '../control/person.ts'
import type { ControlVerb } from '../control/prompt-grammar.ts'
import { dropSpool, maxFiles, spoolOf } from '../control/spool.ts'
import type { RunState } from '../ledger/state.ts'
import type { Context } from '../records/context.ts'
import { amendWords } from '../verdict/words/definition.ts'
import { goOnWords } from '../verdict/words/go-on.ts'
import { runSummary } from '../verdict/words/summary.ts'
import { loadEngine } from './load-engine.ts'
import { type Prompt, answer, refusal } from './prompt-answers.ts'
import { uncheckedNote } from './prompt-notes.ts'
import type { SessionView } from './session-view.ts'
import { asksToAccept } from '../verdict/judgement.ts'

/** Carries out an order that the person typed as a prompt. */
export async function control(
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
      ? told(payload, open, await uncheckedNote(context, payload, open))
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

export function carryOut(
  context: Context,
  payload: Prompt,
  verb: 'pause' | 'resume',
  argument: string | null,
): HookAnswer {
  const done = act(context, payload.sessionId, verb, 'prompt', argument)
  return done.ok ? told(payload, done.value) : refusal(verb, done.error.message)
}

/** How the run stands after an order, and how the work goes on. */
function told({ sessionId, host }: Prompt, run: RunState, first = ''): HookAnswer {
  const changed = run.status === 'parked' && asksToAccept(run.park)
  const look = changed ? 'The prompt autonomous-loop amend shows the change. ' : ''
  return answer(`${first}${runSummary(run)} ${look}${goOnWords(run.status, sessionId, host)}`)
}
