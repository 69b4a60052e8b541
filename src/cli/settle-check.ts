import { never } from '../base/result.ts'
import { settleRelease } from '../control/settle-release.ts'
import { isWritable } from '../ledger/home.ts'
import { type RunState, provisionalRun } from '../ledger/state.ts'
import { readSession } from '../ledger/store.ts'
import type { Context } from '../records/context.ts'
import { isProven, readLive } from '../records/live.ts'
import { reopenedWords } from '../verdict/words/release.ts'
import { askerOf } from './asker.ts'

/** What asking for an exit code made of a release that was provisional. */
export interface CheckedRelease {
  readonly run: RunState
  /** Why it does not count as released; null when it does. */
  readonly why: string | null
}

/**
 * Looks at the provisional release of a session once more, because somebody wants to rest on it; null where there is none.
 * Only a person's question makes it final: an agent could ask, and go on.
 */
export async function checkRelease(context: Context, sessionId: string): Promise<CheckedRelease | null> {
  const { env } = context
  const session = readSession(env.home, sessionId)
  const run = session.ok ? provisionalRun(session.value.state) : undefined
  if (!run) return null
  const live = readLive(env.home, sessionId)
  const settled = await settleRelease(context, sessionId, run, {
    how: 'check',
    withinMs: null,
    live: live !== undefined && isProven(live),
    turnId: null,
    write: askerOf(context) === 'person' && isWritable(env.home),
  })
  if (!settled.ok) return { run, why: settled.error.message }
  const { fate } = settled.value
  switch (fate.kind) {
    case 'final':
      return { run: settled.value.run, why: null }
    case 'reopened':
      return { run: settled.value.run, why: reopenedWords(fate.changes) }
    case 'provisional':
      return { run, why: fate.why }
    default:
      return never(fate, 'fate of a release')
  }
}
