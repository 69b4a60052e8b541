import { sha256 } from '../base/hash.ts'
import { ok } from '../base/result.ts'
import { isPlanTurn, isUnderWay } from '../codex/transcript/turn.ts'
import type { NewEvent } from '../ledger/events.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { givesWay, promptRequestId } from '../control/prompt-session.ts'
import { moveRelease } from '../control/reopen.ts'
import { type LedgerState, type RunState, armingTurn, openRun, provisionalRun } from '../ledger/state.ts'
import { append } from '../ledger/store.ts'
import type { Context } from '../records/context.ts'
import { uncheckedWords } from '../verdict/words/unchecked.ts'
import { loadEngine } from './load-engine.ts'
import type { Prompt } from './prompt-answers.ts'
import type { SessionView } from './session-view.ts'

/** The hook can go while a run is open; nothing else would tell before the session ends unheld. */
export async function unheldNote(
  context: Context,
  payload: Prompt,
  { open, live }: SessionView,
): Promise<string | undefined> {
  if (open?.status !== 'active') return undefined
  const { notHeld } = await loadEngine()
  const unheld = notHeld(context, payload.sessionId, live, payload.event, payload.host)
  return unheld && `autonomous-loop: the open contract is NOT enforced: ${unheld.why}. Fix: ${unheld.fix}`
}

/** Records the prompt (it un-parks), and that the turn before it ended without being judged, which it says. */
export async function notePrompt(
  context: Context,
  payload: Prompt,
  { open, state: before }: SessionView,
): Promise<string | undefined> {
  if (!open) return noteUnlooked(context, payload, before)
  if (open.status === 'paused') return undefined
  // A turn in plan mode is not judged, so no stop of it will be missing.
  const turnId = payload.transcriptPath && isPlanTurn(payload.transcriptPath) ? null : payload.turnId
  const why = await unchecked(context, payload, open)
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

/** A release that could not be looked at in time stays provisional, and the turn of this prompt is the person's. */
function noteUnlooked(context: Context, payload: Prompt, before: LedgerState): undefined {
  const released = provisionalRun(before)
  if (!released || released.release.prompted) return
  const data = { sha256: sha256(payload.prompt), turnId: payload.turnId }
  // Where it cannot be written, the stop of this turn judges the run again.
  moveRelease(context, payload.sessionId, released, { type: 'prompt', data })
}

/** Why the turn before this prompt's ended without a verdict; null for a steer, whose turn goes on. */
async function unchecked({ env }: Context, payload: Prompt, open: RunState): Promise<string | null> {
  const { turnId, transcriptPath, host } = payload
  if (open.unjudgedTurn === null && open.unjudgedWhy === null) return null
  if (turnId === null || open.unjudgedTurn === turnId) return null
  // Without a transcript nothing tells a steer of the first turn from a prompt after it, unless a prompt began that turn.
  const { activation: begun } = open
  const later =
    host && !givesWay(open) && begun.requestId !== promptRequestId(payload, begun.contract.objective)
  if (
    transcriptPath === null ? open.unjudgedTurn === armingTurn && !later : isUnderWay(transcriptPath, turnId)
  )
    return null
  const { uncheckedTurn } = await loadEngine()
  return uncheckedTurn(
    open,
    transcriptPath,
    true,
    host && (env.vars['CLAUDE_CODE_STOP_HOOK_BLOCK_CAP'] ?? '8'),
  )
}

export async function uncheckedNote(context: Context, payload: Prompt, open: RunState): Promise<string> {
  const why = await unchecked(context, payload, open)
  return why === null ? '' : `${uncheckedWords(why)} `
}
