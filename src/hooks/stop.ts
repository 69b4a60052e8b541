import fs from 'node:fs'
import { sha256 } from '../base/hash.ts'
import type { HookAnswer } from '../codex/types.ts'
import { claim } from '../control/pending.ts'
import type { Context } from '../records/context.ts'
import { defaultSpool, dropSpooled, readSpool } from '../control/spool.ts'
import type { Failure } from '../base/result.ts'
import type { StopRecord } from '../ledger/events.ts'
import { isHeld } from '../ledger/sessions.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { readSession } from '../ledger/store.ts'
import { pauseGoal } from './goal.ts'
import { failClosed } from './fail-closed.ts'
import { nothing } from './handled.ts'
import { judge } from './judge.ts'
import { notify } from './notify.ts'
import { type SessionView, openSession } from './session-view.ts'
import { letGo, wordsOf } from './stop-answer.ts'
import type { Stop, StopSurroundings } from './stop-event.ts'

/** Answers one Stop event: nothing for a session without a run, else what the run's state and the workspace say. */
export async function onStop(context: Context, payload: Stop, around: StopSurroundings): Promise<HookAnswer> {
  if (payload.agentId !== null) return nothing
  const session = await openSession(context, payload)
  if (!session.ok) return unopened(context, payload, around, session.error)
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
  if (run.status !== 'active') {
    // Whoever took a goal up again while the run stands still would get turn after turn.
    if (run.status !== 'paused') await pauseGoal(context, payload.sessionId)
    return withRefused(letGo(run), refused)
  }
  const length = transcriptLength(payload.transcriptPath)
  let record: StopRecord | undefined
  const answer = await judge(context, payload, {
    ...around,
    sinceSeq,
    payloadSha256: sha256(length === null ? around.raw : `${around.raw}\0${length}`),
    certain: length !== null,
    refused,
    recorded: (stop) => {
      around.unguard()
      record = stop
    },
  })
  if (record) await tellOthers(context, run, record)
  return answer
}

function transcriptLength(file: string | null): number | null {
  try {
    return file === null ? null : fs.statSync(file).size
  } catch {
    return null
  }
}

/** A run that stands still holds nobody, but what the agent asked for must not go without a word. */
function withRefused(answer: HookAnswer, refused: readonly string[]): HookAnswer {
  const told = refused.map((why) => `autonomous-loop: a request of the agent was not carried out: ${why}`)
  if (told.length === 0) return answer
  return { kind: 'message', text: [...told, wordsOf(answer)].filter((text) => text !== '').join('\n') }
}

/** What else the end of the agent's work means: a person hears of it, and Codex does not go on by itself. */
async function tellOthers(context: Context, run: RunState, record: StopRecord): Promise<void> {
  if (record.verdict === 'block') return
  notify(context, run, record)
  if (record.verdict !== 'release') await pauseGoal(context, run.activation.sessionId)
}

/** A home that cannot be written (full, read-only) must hold the sessions that have a run, and no others. */
function unopened(context: Context, payload: Stop, around: StopSurroundings, why: Failure): HookAnswer {
  const { env } = context
  if (mayHaveRun(env.home, payload.sessionId))
    return failClosed(context, payload.sessionId, why.message, sha256(around.raw))
  return readSpool(defaultSpool(env.uid, payload.sessionId), env.uid).length > 0
    ? { kind: 'message', text: `autonomous-loop could not take in a request of this session: ${why.message}` }
    : nothing
}

/** Whoever can still read that the run is closed need not hold the session on that of its files. */
function mayHaveRun(home: string, sessionId: string): boolean {
  if (!isHeld(home, sessionId)) return false
  const session = readSession(home, sessionId)
  return !session.ok || session.value.marker !== null || openRun(session.value.state) !== undefined
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
