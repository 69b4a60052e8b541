import { type Result, fail, ok } from '../base/result.ts'
import { scopeKey } from '../contract/scope.ts'
import type { AcceptableDifference, DefinitionChange } from '../definition/drift.ts'
import type { Channel } from '../ledger/events.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { append } from '../ledger/store.ts'
import type { Context } from '../records/context.ts'
import { openOutOfScope } from '../verdict/open-scope.ts'
import type { OutOfScope } from '../workspace/scope/out-of-scope.ts'

/** What the last stop found out of scope and nobody accepted since, as a person is shown it; null when there is nothing. */
export function scopeDifference(run: RunState): AcceptableDifference | null {
  const fact = openOutOfScope(run)
  return fact && { changes: fact.out.map(changeOf), digest: fact.digest }
}

/**
 * Accepts what the last stop showed out of scope, each path and part as it was then: what changes later is a difference of its own.
 * Codes: no-run, digest-mismatch, too-many-differences.
 */
export function acceptScope(
  context: Context,
  sessionId: string,
  run: RunState,
  by: Channel,
  reason: string | null,
): Result<RunState> {
  const shown = openOutOfScope(run)
  if (shown && shown.more > 0)
    return fail(
      'too-many-differences',
      `${shown.out.length + shown.more} differences are out of scope, more than anybody was shown`,
    )
  const written = append(sessionPaths(context.env.home, sessionId), context.clock, (state) => {
    const open = openRun(state)
    if (open?.runId !== run.runId) return fail('no-run', 'the run was closed meanwhile')
    const fact = openOutOfScope(open)
    if (!fact || fact.digest !== shown?.digest)
      return fail('digest-mismatch', 'another stop was judged meanwhile', {
        fix: 'autonomous-loop status',
      })
    return ok([
      {
        type: 'amended',
        data: {
          digest: fact.digest,
          changes: fact.out.map(changeOf),
          activation: open.activation,
          by,
          reason,
          accepted: Object.fromEntries(fact.out.map((one) => [scopeKey(one), one.state])),
          outOfScope: true,
        },
      },
    ])
  })
  if (!written.ok) return written
  const after = openRun(written.value.state)
  return after ? ok(after) : fail('no-run', 'the run was closed meanwhile')
}

function changeOf(one: OutOfScope): DefinitionChange {
  return {
    id: `scope:${scopeKey(one)}`,
    file: one.path,
    member: one.pointer === null ? null : `#${one.pointer}`,
    difference: { kind: 'out-of-scope', why: one.why },
  }
}
