import { type Result, fail, ok } from '../base/result.ts'
import { agentMarks } from '../codex/session.ts'
import type { Context } from '../records/context.ts'
import { type Action, mayAsk } from '../control/who.ts'
import { listMarkerKeys } from '../ledger/markers.ts'
import { sessionPathsOfKey } from '../ledger/paths.ts'
import { provisionalRun } from '../ledger/state.ts'
import { readRecord } from '../ledger/store.ts'

/**
 * An agent may not change the judge's setup while any contract is open. `changes`: what was asked for goes beyond putting
 * the same things in place again. Code: person-only.
 */
export function askerMay(context: Context, action: Action, changes: boolean): Result<true> {
  const asker = agentMarks(context.env.vars).length > 0 ? 'agent' : 'person'
  return mayAsk(action, asker, { policy: null, openRun: openSessions(context).length > 0, force: changes })
}

/** Code: open-runs. */
export function refuseOpenRuns(context: Context, action: string): Result<true> {
  const open = openSessions(context)
  if (open.length === 0) return ok(true)
  return fail(
    'open-runs',
    `${open.length} runs are still open; without us nothing holds them: ${open.join(', ')}`,
    {
      fix: `end them (autonomous-loop status), or: autonomous-loop ${action} --force`,
      data: { sessions: open },
    },
  )
}

/** By marker, whatever it holds: one that cannot be read may stand for an open run. A provisional release is none. */
function openSessions({ env: { home } }: Context): readonly string[] {
  return listMarkerKeys(home).filter((key) => {
    const record = readRecord(sessionPathsOfKey(home, key))
    return !record.ok || provisionalRun(record.value.state) === undefined
  })
}
