import type { Sha256 } from '../base/hash.ts'
import { ok } from '../base/result.ts'
import type { HookAnswer } from '../codex/types.ts'
import type { Context } from '../records/context.ts'
import { openRun } from '../ledger/state.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { append } from '../ledger/store.ts'

/** The one wording for "we cannot vouch": users of the original know it. */
export function failedClosed(why: string): HookAnswer {
  const text = `autonomous-loop failed closed: ${why}`
  return { kind: 'end', stopReason: text, systemMessage: text }
}

/**
 * Ends the turn of a stop that cannot be judged, and notes it in the ledger of the run where that can be written: what
 * ended without a verdict must be explainable, too.
 */
export function failClosed(
  context: Context,
  sessionId: string,
  why: string,
  payloadSha256: Sha256,
  told = why,
): HookAnswer {
  append(sessionPaths(context.env.home, sessionId), context.clock, (state) =>
    ok(openRun(state) ? [{ type: 'unjudged', data: { why, payloadSha256 } }] : []),
  )
  return failedClosed(told)
}
