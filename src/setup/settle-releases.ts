import { isGone } from '../evidence/repo-root.ts'
import { moveRelease } from '../control/reopen.ts'
import { settleRelease } from '../control/settle-release.ts'
import { sessionOf } from '../ledger/events.ts'
import { listSessions } from '../ledger/sessions.ts'
import { type ProvisionalRun, provisionalRun } from '../ledger/state.ts'
import { isProven, readLive } from '../records/live.ts'
import type { Context } from '../records/context.ts'

/**
 * Codex tells nobody that a session was killed. So the releases of sessions whose Codex is gone are looked at here: final, or
 * open again where the agent had gone on. What cannot be looked at stays provisional for a while. Answers with the ids of
 * the sessions whose release is not provisional any more. `retentionMs`: how long.
 */
export async function settleReleases(context: Context, retentionMs: number): Promise<string[]> {
  const settled: string[] = []
  for (const { session } of listSessions(context.env.home)) {
    const run = session.ok ? provisionalRun(session.value.state) : undefined
    const sessionId = run && sessionOf(run.activation)
    if (!run || !sessionId || isLive(context, sessionId)) continue
    if (await settleOne(context, sessionId, run, retentionMs)) settled.push(sessionId)
  }
  return settled
}

function isLive({ env }: Context, sessionId: string): boolean {
  const live = readLive(env.home, sessionId)
  return live !== undefined && isProven(live)
}

async function settleOne(
  context: Context,
  sessionId: string,
  run: ProvisionalRun,
  retentionMs: number,
): Promise<boolean> {
  const how = 'session-end'
  const done = await settleRelease(context, sessionId, run, {
    how,
    withinMs: null,
    live: false,
    turnId: null,
    write: true,
  })
  if (!done.ok) return false
  const { fate } = done.value
  if (fate.kind !== 'provisional') return true
  const isOld = context.clock() - run.closed.at >= retentionMs
  if (!isOld && !isGone(run.activation.repoRoot)) return false
  const unseen = { how, looked: 'not-looked', changes: null, why: fate.why } as const
  return moveRelease(context, sessionId, run, { type: 'finalised', data: unseen }).ok
}
