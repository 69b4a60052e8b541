import { agentMarks } from '../codex/session.ts'
import type { Context } from '../records/context.ts'
import type { Channel } from '../ledger/events.ts'
import { type Action, type Asker, mayAsk } from '../control/who.ts'
import { type Result, ok } from '../base/result.ts'
import { isWritable } from '../ledger/home.ts'
import { openMarkers } from '../ledger/held.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { sessionOf } from '../ledger/events.ts'
import { append } from '../ledger/store.ts'

/** Who calls the command line: an agent's shell carries marks of Codex, a person's terminal has none. */
export function askerOf(context: Context): Asker {
  return agentMarks(context.env.vars).length > 0 ? 'agent' : 'person'
}

export function channelOf(asker: Asker): Channel {
  return asker === 'agent' ? 'agent' : 'terminal'
}

/** For what concerns the machine or a repository: an agent may not, or not by force while any run is open. Code: person-only. */
export function mayChangeSetup(context: Context, action: Action, force: boolean): Result<true> {
  return mayAsk(action, askerOf(context), {
    policy: null,
    openRun: openMarkers(context.env.home).length > 0,
    force,
  })
}

/** For what concerns one run. A refusal goes into that run's ledger where it can be written. Code: person-only. */
export function mayChangeRun(context: Context, action: Action, run: RunState | undefined): Result<true> {
  const asker = askerOf(context)
  const allowed = mayAsk(action, asker, {
    policy: run?.contract.policy ?? null,
    openRun: run !== undefined,
    force: false,
  })
  if (allowed.ok || !run || !isWritable(context.env.home)) return allowed
  // The answer is no whether or not this can be kept.
  const session = sessionOf(run.activation)
  if (session === null) return allowed
  append(sessionPaths(context.env.home, session), context.clock, (state) =>
    ok(
      openRun(state)
        ? [{ type: 'refused', data: { action, by: channelOf(asker), why: allowed.error.code } }]
        : [],
    ),
  )
  return allowed
}
