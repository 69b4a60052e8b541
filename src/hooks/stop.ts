import { sha256 } from '../base/hash.ts'
import type { HookAnswer, HookPayload } from '../codex/types.ts'
import { claim } from '../control/pending.ts'
import type { Context } from '../control/context.ts'
import { defaultSpool, dropSpooled, readSpool } from '../control/spool.ts'
import type { Failure } from '../base/result.ts'
import type { StopRecord } from '../ledger/events.ts'
import { isHeld } from '../ledger/sessions.ts'
import type { RunState } from '../ledger/state.ts'
import { runSummary } from '../verdict/words/summary.ts'
import { pauseGoal } from './goal.ts'
import { failedClosed, nothing } from './handled.ts'
import { judge } from './judge.ts'
import { notify } from './notify.ts'
import { type SessionView, openSession } from './session-view.ts'

export type Stop = Extract<HookPayload, { event: 'Stop' }>

/** What the process around the hook knows: who started it, and how long it may take. */
export interface StopSurroundings {
  /** The shim's parent. */
  readonly parentPid: number
  /** Raw payload: two calls with the same bytes are the same stop. */
  readonly raw: string
  /** Clock time at which gates are ended and what is known by then is judged. */
  readonly deadline: number
  /** Clock time at which an answer must be out, whatever the main thread does. */
  readonly hardDeadline: number
}

/** Answers one Stop event: nothing for a session without a run, else what the run's state and the workspace say. */
export async function onStop(context: Context, payload: Stop, around: StopSurroundings): Promise<HookAnswer> {
  if (payload.agentId !== null) return nothing
  const session = await openSession(context, payload.sessionId)
  if (!session.ok) return unopened(context, payload, session.error)
  const answer = await answerStop(context, payload, around, session.value)
  // Only now that the answer stands: a hook that is killed before it tells of them leaves them to the next stop.
  for (const file of session.value.taken.refusedFiles) dropSpooled(file, context.env.uid)
  return answer
}

async function answerStop(
  context: Context,
  payload: Stop,
  around: StopSurroundings,
  session: SessionView,
): Promise<HookAnswer> {
  // Seen before anything is waited for: a stop judged after this point is one that we overlapped with.
  const sinceSeq = session.state.seq

  let run = session.open
  const refused = [...session.taken.refused]
  if (!run) {
    const claimed = await claim(context, payload)
    if (claimed.ok) run = claimed.value ?? undefined
    else refused.push(claimed.error.message)
  }
  if (!run) return refused.length > 0 ? notEnabled(refused, payload.stopHookActive) : nothing
  if (run.status === 'paused') return nothing
  if (run.status !== 'active') {
    // Whoever took a goal up again while the run stands still would get turn after turn.
    await pauseGoal(context, payload.sessionId)
    return { kind: 'message', text: `autonomous-loop: ${runSummary(run)}` }
  }
  let record: StopRecord | undefined
  const answer = await judge(context, payload, {
    ...around,
    sinceSeq,
    payloadSha256: sha256(around.raw),
    refused,
    recorded: (_run, stop) => (record = stop),
  })
  if (record) await tellOthers(context, run, record)
  return answer
}

/** What else the end of the agent's work means: a person hears of it, and Codex does not go on by itself. */
async function tellOthers(context: Context, run: RunState, record: StopRecord): Promise<void> {
  if (record.verdict === 'block') return
  notify(context, run, record)
  if (record.verdict !== 'release') await pauseGoal(context, run.activation.sessionId)
}

/** A home that cannot be written (full, read-only) must hold the sessions that have a run, and no others. */
function unopened({ env }: Context, payload: Stop, why: Failure): HookAnswer {
  if (isHeld(env.home, payload.sessionId)) return failedClosed(why.message)
  return readSpool(defaultSpool(env.uid, payload.sessionId), env.uid).length > 0
    ? { kind: 'message', text: `autonomous-loop could not take in a request of this session: ${why.message}` }
    : nothing
}

/**
 * The agent was told "requested" or showed a token; letting it leave without a word would be a silent release. Without a
 * run there is no limit on blocks, so a turn is held for this once: the same token in the next message is only a message.
 */
function notEnabled(refused: readonly string[], heldBefore: boolean): HookAnswer {
  const why = `autonomous-loop: your request was not carried out, so nothing is enforced in this session.\n${refused.map((one) => `- ${one}`).join('\n')}`
  return heldBefore
    ? { kind: 'message', text: why }
    : { kind: 'block', reason: `${why}\nCorrect it and enable again, or tell the person.` }
}
