import { type Sha256, sha256 } from '../base/hash.ts'
import type { RunState } from '../ledger/state.ts'
import { type Blocker, backgroundNotice, findBlockers, outstandingTasks, processText } from './blockers.ts'
import type { Facts } from './facts.ts'
import { type LimitHit, limitHit } from './limits.ts'

/** A release's notice of a process that went on: what it writes later was not judged. */
export const leftRunning = 'left-running:'
/** A release's notice of a process that was ended before it. */
export const endedBefore = 'ended:'

export type Decision = {
  readonly signature: Sha256
  readonly outstandingTaskIds: readonly string[]
  readonly blockers: readonly Blocker[]
  /** Notices to remember with this stop. */
  readonly notices: readonly string[]
} & (
  | { readonly verdict: 'release' }
  | { readonly verdict: 'block'; readonly cause: 'outstanding' | 'definition' }
  | { readonly verdict: 'park'; readonly cause: 'wait' | 'could-not-run' | 'definition' }
  | { readonly verdict: 'halt'; readonly limit: LimitHit }
)

/**
 * The verdict on one stop: a pure function of what was found and what the run already is.
 *
 *   definition changed ── agent can undo it, first time ─► block      anything outstanding ─► block
 *                     └── otherwise ────────────────────► park        only could-not-run, twice ─► park
 *   wait asked with its token ─────────────────────────► park        a block that reaches a limit ─► halt
 *   nothing outstanding and every gate ran ─► release
 */
export function decide(facts: Facts, run: RunState): Decision {
  const blockers = facts.drift ? [] : findBlockers(facts, run)
  const signature = sha256(
    facts.drift ? `definition:${facts.drift.digest}` : blockers.map((one) => one.key).join('\0'),
  )
  const outstandingTaskIds = outstandingTasks(facts, run)
  const base = { signature, outstandingTaskIds, blockers }

  if (facts.drift) {
    const notice = `definition:${facts.drift.digest}`
    const shown = run.notices.includes(notice)
    if (shown || !facts.drift.undoable)
      return { ...base, verdict: 'park', cause: 'definition', notices: [notice] }
    return blockOrHalt({ ...base, notices: [notice] }, 'definition', facts, run)
  }
  if (facts.wait) return { ...base, verdict: 'park', cause: 'wait', notices: [] }
  if (blockers.length === 0 && facts.gatesRun === 'full')
    return {
      ...base,
      verdict: 'release',
      notices: [
        ...facts.background.map((process) => `${leftRunning}${processText(process)}`),
        ...facts.ended.map((process) => `${endedBefore}${process}`),
      ],
    }

  const notices = blockers.some((one) => one.kind === 'background')
    ? facts.background.map(backgroundNotice)
    : []
  const others = blockers.filter((one) => one.kind !== 'background')
  if (
    others.length > 0 &&
    others.every((one) => one.kind === 'could-not-run' && (run.couldNotRun[one.name] ?? 0) > 0)
  )
    return { ...base, verdict: 'park', cause: 'could-not-run', notices }
  return blockOrHalt({ ...base, notices }, 'outstanding', facts, run)
}

function blockOrHalt(
  base: Pick<Decision, 'signature' | 'outstandingTaskIds' | 'blockers' | 'notices'>,
  cause: 'outstanding' | 'definition',
  facts: Facts,
  run: RunState,
): Decision {
  const limit = limitHit(facts, run, base.signature)
  return limit ? { ...base, verdict: 'halt', limit } : { ...base, verdict: 'block', cause }
}
