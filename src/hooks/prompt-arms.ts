import type { Failure } from '../base/result.ts'
import type { HookAnswer } from '../codex/types.ts'
import { givesWay, promptRequestId } from '../control/prompt-session.ts'
import { cliWord } from '../records/cli-place.ts'
import type { Context } from '../records/context.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { readSession } from '../ledger/store.ts'
import { changedBeforeWords } from '../verdict/words/changed-before.ts'
import { armedContext } from '../verdict/words/context.ts'
import { unmatchedCopies } from '../verdict/words/copies.ts'
import { short } from '../verdict/words/short.ts'
import { runSummary } from '../verdict/words/summary.ts'
import { nothing } from './handled.ts'
import { loadEngine } from './load-engine.ts'
import type { Prompt } from './prompt-answers.ts'
import { noteRefused } from './refused-note.ts'
import type { SessionView } from './session-view.ts'

/** Makes the objective of a prompt a run, unless a run of the person is open. */
export async function arm(
  context: Context,
  payload: Prompt,
  session: SessionView,
  objective: string,
): Promise<HookAnswer> {
  const { open } = session
  if (open && isTwin(open, payload, objective)) return nothing
  if (open && !givesWay(open) && open.contract.objective === objective && open.status === 'active')
    return sameAgain(context, open)
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
  const unheld = notHeld(context, payload.sessionId, session.live, payload.event, payload.host)
  if (unheld) return refuse({ message: unheld.why, fix: unheld.fix }, 'nothing is enforced')
  const armed = await armByPrompt(context, payload, objective, open)
  if (armed.ok) {
    const replaced = open
      ? `The run that the agent had armed by itself ("${short(open.contract.objective)}") is closed for it. `
      : ''
    const changed = changedBeforeWords(armed.value.activation.changedBefore)
    const said = changed === '' ? '' : `${changed}\n`
    const { unmatched = [] } = armed.value.activation.copied ?? {}
    const copies = unmatched.length === 0 ? '' : `copy: ${unmatchedCopies(unmatched)}. `
    const tell = changed === '' ? '' : 'Tell the person this, word for word, before anything else.\n'
    return {
      kind: 'context',
      event: 'UserPromptSubmit',
      text: `${said}${tell}${replaced}${armedContext(armed.value, cliWord(context.env.home))}`,
      systemMessage: `autonomous-loop: armed. ${said}${copies}${replaced}${runSummary(armed.value)}`,
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

/** After an interrupt Claude Code gives the prompt back to be sent once more, and the agent never saw what the first one said. */
function sameAgain({ env }: Context, open: RunState): HookAnswer {
  return {
    kind: 'context',
    event: 'UserPromptSubmit',
    text: armedContext(open, cliWord(env.home)),
    systemMessage: `autonomous-loop: this contract is open already. ${runSummary(open)}`,
  }
}

/** Another hook of ours has heard the same prompt and armed; it says so. */
function isTwin(run: RunState, payload: Prompt, objective: string): boolean {
  return run.activation.requestId === promptRequestId(payload, objective)
}
