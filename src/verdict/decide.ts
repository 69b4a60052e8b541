import { type Sha256, sha256 } from '../base/hash.ts'
import { blockerKey, findBlockers, outstandingTasks } from './blockers.ts'
import type { Facts } from './facts.ts'
import type { Blocker, Judgement, Outcome } from './judgement.ts'
import { limitHit } from './limits.ts'
import type { RunSoFar } from './so-far.ts'
import { asksPerson } from './unproved.ts'

export type Decision = Outcome & {
  readonly signature: Sha256
  readonly outstandingTaskIds: readonly string[]
  readonly blockers: readonly Blocker[]
}

/**
 * The verdict on one stop: a pure function of what was found and what the run already is.
 *
 *   definition changed ── agent can undo it, first time ─► block      anything outstanding ─► block
 *                     └── otherwise ────────────────────► park        only could-not-run, twice ─► park
 *   wait asked with its token ─────────────────────────► park        a block that reaches a limit ─► halt
 *   nothing outstanding and every gate ran ─► release     … but not with the start's definition ─► park
 */
export function decide(facts: Facts, run: RunSoFar): Decision {
  const { drift } = facts
  const blockers = drift ? [] : findBlockers(facts, run)
  const signature = sha256(drift ? `definition:${drift.digest}` : blockers.map(blockerKey).join('\0'))
  const found = { signature, outstandingTaskIds: outstandingTasks(facts, run), blockers }
  return { ...found, ...outcome(facts, run, blockers, signature) }
}

function outcome(facts: Facts, run: RunSoFar, blockers: readonly Blocker[], signature: Sha256): Outcome {
  const { drift, session } = facts
  if (drift)
    return run.shownDrifts.includes(drift.digest) || !drift.undoable
      ? { verdict: 'park', park: { kind: 'definition', digest: drift.digest } }
      : blockOrHalt('definition', facts, run, signature)
  if (session?.wait) return { verdict: 'park', park: { kind: 'wait', reason: session.wait.reason } }
  if (blockers.length === 0 && facts.gatesRun === 'full') {
    const { unproved } = facts
    return asksPerson(unproved)
      ? { verdict: 'park', park: { kind: 'unproved', digest: unproved.digest } }
      : { verdict: 'release' }
  }

  const others = blockers.filter((one) => one.kind !== 'background')
  const stuck = others.filter((one) => one.kind === 'could-not-run')
  const again = stuck.every((one) => (run.couldNotRun[one.name] ?? 0) > 0)
  if (stuck.length > 0 && stuck.length === others.length && again)
    return {
      verdict: 'park',
      park: { kind: 'could-not-run', commands: stuck.map((one) => one.name) },
    }
  return blockOrHalt('outstanding', facts, run, signature)
}

function blockOrHalt(
  cause: 'outstanding' | 'definition',
  facts: Facts,
  run: RunSoFar,
  signature: Sha256,
): Outcome {
  const hit = limitHit(facts, run, signature)
  return hit ? { verdict: 'halt', halt: { kind: 'limit', ...hit } } : { verdict: 'block', cause }
}

/** The decision with everything it rests on. `durationMs`: how long it took. Pure. */
export function judgementOf(decision: Decision, facts: Facts, run: RunSoFar, durationMs: number): Judgement {
  const { drift, unseen, evidence, commands, gatesRun, workspace, leftByGates, session } = facts
  return {
    ...decision,
    stop: run.stops + 1,
    drift,
    unseen,
    ...(facts.untouched ? { untouched: true } : {}),
    ...(facts.unproved ? { unproved: facts.unproved } : {}),
    evidence,
    commands,
    gatesRun,
    workspace,
    leftByGates,
    session,
    durationMs,
  }
}
