import { type Sha256, sha256 } from '../base/hash.ts'
import { type Failure, never } from '../base/result.ts'
import { isPlanTurn } from '../codex/transcript/turn.ts'
import type { HookAnswer } from '../codex/types.ts'
import { claimPrefix, tokensIn } from '../control/claims.ts'
import { hasAsked, witnessOf } from '../control/shown.ts'
import { closeSpool, defaultSpool, dropSpooled, readSpool, spoolOf } from '../control/spool.ts'
import { type StopRecord, sessionOf } from '../ledger/events.ts'
import { isHeld } from '../ledger/sessions.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { readSession } from '../ledger/store.ts'
import type { Context } from '../records/context.ts'
import { short } from '../verdict/words/short.ts'
import { childrenAtWorkAnswer } from './background.ts'
import { failClosed, failedClosed } from './fail-closed.ts'
import { pauseGoal } from './goal.ts'
import { nothing } from './handled.ts'
import { loadEngine } from './load-engine.ts'
import { notify } from './notify.ts'
import { type SessionView, openSession } from './session-view.ts'
import { letGo, replay, wordsOf } from './stop-answer.ts'
import { type Stop, type StopIdentity, type StopSurroundings, identityOf } from './stop-event.ts'

/*
 * The road of a Stop, from payload to answer:
 *
 *   open the session ──► claim ──► does the run hold it? ──► judge ──► answer ──► tell others
 *   (spool taken in)     (token)   no: a word or nothing     (judging/judge.ts: lock, look, decide, append)
 */

/** Answers one Stop event: nothing for a session without a run, else what the run's state and the workspace say. */
export async function onStop(context: Context, payload: Stop, around: StopSurroundings): Promise<HookAnswer> {
  if (payload.agentId !== null) return nothing
  const identity = identityOf(payload, around.raw)
  const session = await openSession(context, payload, { stop: identity })
  if (!session.ok) return unopened(context, payload, around, session.error)
  const answer = await answerStop(context, payload, around, identity, session.value)
  // Only now that the answer stands: a hook that is killed before it tells of them leaves them to the next stop.
  const { uid } = context.env
  const { open, live, taken } = session.value
  for (const file of taken.refusedFiles) dropSpooled(file, uid)
  if (!open) closeSpool(spoolOf(uid, live, payload.sessionId), uid)
  return answer
}

async function answerStop(
  context: Context,
  payload: Stop,
  around: StopSurroundings,
  identity: StopIdentity,
  session: SessionView,
): Promise<HookAnswer> {
  // Seen before anything is waited for: a stop judged after this point is one that we overlapped with.
  const sinceSeq = session.state.seq

  let run = session.open
  const refused = [...session.taken.refused]
  // A session without a run hears of what others left for it only if it may have asked for something itself.
  const { strange } = session.taken
  if (strange.length > 0 && (run || hasAsked(witnessOf(payload, undefined)))) refused.push(...strange)
  if (!run && tokensIn(payload.lastAssistantMessage, claimPrefix).length > 0) {
    const { claim } = await loadEngine()
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
  if (payload.transcriptPath && isPlanTurn(payload.transcriptPath)) return withRefused(planMode, refused)
  const children = childrenAtWorkAnswer(payload.background)
  if (children) return withRefused(children, refused)
  const question = { payload, around, identity, sinceSeq, refused }
  const { judgeStop } = await loadEngine()
  const judged = await judgeStop(context, question)
  if (!judged.ok) return unjudged(context, run, judged.error, payload, identity.payloadSha256)
  switch (judged.value.kind) {
    case 'judged':
      around.unguard()
      await tellOthers(context, run, judged.value.record)
      return judged.value.told
    case 'shared':
      return replay(judged.value.record)
    case 'left':
      return letGo(judged.value.run)
    case 'gone':
      return nothing
    default:
      return never(judged.value, 'judged stop')
  }
}

/** A stop without a verdict ends its turn; the record says so, where it can be written. */
function unjudged(
  context: Context,
  run: RunState,
  { code, message }: Failure,
  payload: Stop,
  payloadSha256: Sha256,
): HookAnswer {
  const told = `${message}. The contract "${short(run.contract.objective)}" stays open.`
  return code === 'ledger-busy'
    ? failedClosed(told)
    : failClosed(context, payload.sessionId, message, payloadSha256, told)
}

/** There is nothing to judge: the agent may not write, and a block would urge it to. */
const planMode: HookAnswer = {
  kind: 'message',
  text: 'autonomous-loop: a turn in plan mode is not judged. The contract stays open.',
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
  const session = sessionOf(run.activation)
  if (session !== null) await pauseGoal(context, session)
}

/** A home that cannot be written (full, read-only) must hold the sessions that have a run, and no others. */
function unopened(context: Context, payload: Stop, around: StopSurroundings, why: Failure): HookAnswer {
  const { env } = context
  if (mayHaveRun(env.home, payload.sessionId))
    return failClosed(context, payload.sessionId, why.message, sha256(around.raw))
  return hasAsked(witnessOf(payload, undefined)) &&
    readSpool(defaultSpool(env.uid, payload.sessionId), env.uid).length > 0
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
