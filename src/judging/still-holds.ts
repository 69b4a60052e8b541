import { canonicalJson } from '../base/hash.ts'
import { type Result, fail, ok } from '../base/result.ts'
import type { RunState } from '../ledger/state.ts'
import type { WorkingChild } from '../verdict/facts.ts'
import type { Judgement } from '../verdict/judgement.ts'
import { stillReusable } from '../verdict/room-passes.ts'

/**
 * Whether a verdict on `run` may still be appended to what the run is `now`. `childrenOf`: sub-agents at work by then.
 * Codes: run-left (closed or paused: nobody is held any more), run-changed (what was judged is not what holds: judge anew).
 */
export function stillHolds(
  judgement: Judgement,
  run: RunState,
  now: RunState | undefined,
  childrenOf: (now: RunState) => readonly WorkingChild[],
): Result<void> {
  if (!now || now.runId !== run.runId || now.status !== 'active')
    return fail('run-left', 'closed or paused meanwhile')
  // The whole activation: a config that was accepted meanwhile need not change contract or pins.
  if (
    canonicalJson([now.contract, now.activation, now.accepted ?? {}]) !==
    canonicalJson([run.contract, run.activation, run.accepted ?? {}])
  )
    return fail('run-changed', 'refined or amended meanwhile')
  if (judgement.verdict === 'park' && judgement.park.kind === 'wait' && now.wait?.seq !== run.wait?.seq)
    return fail('run-changed', 'the person spoke meanwhile')
  if (judgement.verdict === 'release' && (begun(run, now) || childrenOf(now).length > 0))
    return fail('run-changed', 'a sub-agent began meanwhile')
  // What a release rests on beside this look.
  if (judgement.verdict === 'release' && !stillReusable(judgement.commands, now.roomPasses))
    return fail('run-changed', 'a pass that was reused is not on record any more')
  return ok(undefined)
}

/** Also one that has ended again: it may have written after the gates looked. */
function begun(run: RunState, now: RunState): boolean {
  const known = new Set(run.children.map((child) => `${child.startedAt} ${child.id}`))
  return now.children.some((child) => !known.has(`${child.startedAt} ${child.id}`))
}
