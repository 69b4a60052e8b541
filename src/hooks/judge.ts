import { type Result, fail, ok } from '../base/result.ts'
import type { HookAnswer } from '../codex/types.ts'
import type { Context } from '../records/context.ts'
import { withLock } from '../ledger/lock.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { openRun } from '../ledger/state.ts'
import { readSession } from '../ledger/store.ts'
import { failClosed } from './fail-closed.ts'
import { nothing } from './handled.ts'
import { type Asker, judgeOnce } from './judge-once.ts'
import { letGo, replay } from './stop-answer.ts'
import type { Judging, Stop } from './stop-event.ts'
import { watchCodex } from './watch-codex.ts'

/** A request that lands in the middle makes the facts stale; this is more often than people can cause. */
const maxRounds = 3

/**
 * One stop, judged once: the lock is held by the process that judges; whoever waited for it takes the answer over if it
 * is the same stop and was judged while it waited.
 *
 *   lock ─► shared answer? ─► gather facts ─► decide ─► append (state folded again) ─► answer
 *                                   ▲                        │ refined or amended meanwhile
 *                                   └────────────────────────┘ (closed or paused: gates killed, let go)
 *
 * A Codex that is gone ends it anywhere before the append: gates killed, no verdict, since nobody would be told of it.
 */
export async function judge(context: Context, payload: Stop, judging: Judging): Promise<HookAnswer> {
  const waitMs = Math.max(0, judging.deadline - context.clock())
  const { codex } = judging
  const watch = watchCodex(codex)
  const lock = sessionPaths(context.env.home, payload.sessionId).judgingLock
  const answer = await withLock(lock, { waitMs, signal: watch.signal }, () =>
    judgeLocked(context, payload, judging, { codex, gone: watch.signal }),
  ).finally(() => watch.close())
  if (answer.ok) return answer.value
  if (answer.error.code === 'lock-aborted') return nothing
  return failClosed(context, payload.sessionId, answer.error.message, judging.payloadSha256)
}

async function judgeLocked(
  context: Context,
  payload: Stop,
  judging: Judging,
  asker: Asker,
): Promise<Result<HookAnswer>> {
  for (let round = 1; round <= maxRounds; round += 1) {
    const session = readSession(context.env.home, payload.sessionId)
    if (!session.ok) return session
    const last = session.value.state.runs.at(-1)
    const shared = last && (judging.certain || last.lastStopSeq > judging.sinceSeq) ? last.lastStop : null
    if (shared?.payloadSha256 === judging.payloadSha256) return ok(replay(shared))
    const run = openRun(session.value.state)
    if (run?.status !== 'active') return ok(letGo(run ?? last))

    const judged = await judgeOnce(context, payload, judging, asker, run, session.value.state.head)
    if (judged.ok || judged.error.code !== 'run-changed') return judged
  }
  return fail('moving', `the contract changed ${maxRounds} times while this stop was judged`)
}
