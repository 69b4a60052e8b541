import path from 'node:path'
import type { BatchEvent } from '../../supervisor/record/events.ts'
import type { BatchState } from '../../supervisor/record/state.ts'
import type { Around } from '../batch-around.ts'
import { batchView } from '../batch-status.ts'
import { claimsOf } from './claims.ts'
import { gateRuns, gatesReport } from './gates.ts'
import { goalReport } from './goal.ts'
import { itemRows, verifiedItems } from './items.ts'
import { needsOf } from './needs.ts'
import { type Happening, nightOf } from './night.ts'
import type { RecordProblem } from './problem.ts'
import type { BatchReport, Landed, RecordReport } from './shape.ts'
import { totalsOf } from './totals.ts'
import { type Told, iso } from './tries.ts'
import type { FoundVerdicts } from './verdicts.ts'

/** A batch as its ledgers tell it, each read from its first byte. */
export interface BatchHistory {
  readonly batch: string
  readonly state: BatchState
  readonly events: readonly BatchEvent[]
  readonly attempts: readonly Told[]
  readonly verdicts: FoundVerdicts
  /** Of the batch's own ledger. */
  readonly problems: readonly RecordProblem[]
  readonly newest: boolean
}

/** Everything that the morning page says. Pure. */
export function buildBatchReport(history: BatchHistory, around: Around): BatchReport {
  const { batch, state, events, attempts, verdicts, newest } = history
  const view = batchView(batch, state, around)
  const night = nightOf(events, attempts, { isDead: !around.isAlive })
  const landing = lastLanding(events)
  const found = { attempts, verdicts, landedAt: landing?.at ?? null }
  const items = itemRows(state, around, found)
  const verified = verifiedItems(items, found)
  const record = recordReport(history)
  const nth = new Map(items.map(({ id }, at) => [id, at]))
  return {
    batch,
    repo_root: path.join(state.opened.top, state.opened.prefix),
    newest,
    state: view.state,
    code: view.code,
    why: view.why,
    exit_code: view.exit_code,
    base: view.base,
    head: view.head,
    target: view.target,
    branch: view.branch,
    landed: landedOf(night),
    pull_request: view.pull_request,
    from: iso(events[0]?.at ?? state.at),
    to: iso(state.at),
    record,
    needs_you: newest ? needsOf(state, around, { items, record, landed: landing?.head ?? null }) : [],
    verified,
    claimed: claimsOf(attempts, (id) => nth.get(id) ?? -1),
    items,
    goal: goalReport(state, attempts),
    totals: totalsOf(events, items, attempts),
    gates: gatesReport(gateRuns(events, attempts, verdicts)),
    night,
  }
}

function recordReport({ state, verdicts, problems }: BatchHistory): RecordReport {
  const all = [...problems, ...verdicts.problems]
  return {
    holds: all.every((one) => one.kind === 'batch-torn'),
    events: state.seq,
    head: state.hash,
    verdicts: verdicts.found,
    problems: all,
  }
}

/** When the head was last landed, and what it was then: what came into it since was not. */
function lastLanding(events: readonly BatchEvent[]): { readonly at: number; readonly head: string } | null {
  let head = ''
  let last = null
  for (const event of events) {
    if (event.type === 'batch-opened') head = event.data.base
    if (event.type === 'integrated' || event.type === 'taken') head = event.data.commit
    if (event.type === 'landed') last = { at: event.at, head: event.data.head ?? head }
  }
  return last
}

function landedOf(night: readonly Happening[]): Landed | null {
  const last = night.findLast((one) => one.kind === 'landed')
  return last?.kind === 'landed'
    ? { commit: last.commit, target: last.target, at: last.at, joined: last.joined, remote: last.remote }
    : null
}
