import { never } from '../base/result.ts'
import { asksToAccept } from '../verdict/judgement.ts'
import type { LedgerEvent } from './events.ts'
import { armingTurn } from './state.ts'
import { withChild, foldPlan } from './fold-parts.ts'
import { isProvisional } from '../verdict/standing.ts'
import { moveReleased } from './fold-release.ts'
import { type Draft, addIdleTime, close, enter, resume, stop } from './fold-status.ts'

/** Of `ended`. */
const maxEnded = 100

export type Activated = Extract<LedgerEvent, { type: 'activated' }>

/** What one event makes of an open run. */
export function moveBy(run: Draft, event: Exclude<LedgerEvent, Activated>): void {
  run.heartbeatAt = event.at
  if (isProvisional(run.standing)) return moveReleased(run, run.standing, event)
  switch (event.type) {
    case 'stop':
      run.lastStopSeq = event.seq
      run.lastStopAt = event.at
      // A block is not the end of its turn.
      run.unjudgedTurn = event.data.verdict === 'block' ? (run.unjudgedTurn ?? armingTurn) : null
      run.unjudgedWhy = null
      return stop(run, event.data, event.at)
    case 'plan':
      run.plan = foldPlan(run.plan, event.data, event.at)
      return
    case 'child':
      run.children = withChild(run.children, event.data, event.at)
      return
    case 'session':
      // Only a compaction keeps what the model knows of its plan.
      if (run.plan && event.data.source !== 'compact') run.plan = { ...run.plan, stale: true }
      return
    case 'prompt':
      run.unjudgedTurn = event.data.turnId
      run.unjudgedWhy = null
      run.wait = null
      run.waitedAt = []
      if (run.standing.status === 'parked') {
        addIdleTime(run, event.at)
        enter(run, { status: 'active' }, event.at)
        // A person's word ends the row of equal stops: what follows is a new try.
        run.repeated = 0
      }
      return
    case 'paused':
      run.unjudgedTurn = null
      if (run.standing.status === 'active' || run.standing.status === 'parked')
        enter(run, { status: 'paused' }, event.at)
      return
    case 'resumed':
      return resume(run, event.data.by !== 'agent', event.at)
    case 'wait':
      run.wait = { reason: event.data.reason, token: event.data.token, seq: event.seq }
      return
    case 'refined':
      run.contract = event.data.contract
      run.requestIds = [...run.requestIds, event.data.requestId]
      run.protectsNothing = [...run.protectsNothing, ...(event.data.protectsNothing ?? [])]
      return
    case 'amended':
      run.activation = event.data.activation
      run.contract = event.data.activation.contract
      if (event.data.accepted) run.accepted = { ...run.accepted, ...event.data.accepted }
      // What gates mean may be another thing now.
      if (!event.data.outOfScope) delete run.startGates
      if (run.standing.status === 'parked' && asksToAccept(run.standing.park))
        run.standing = { status: 'parked', park: { kind: 'accepted', digest: event.data.digest } }
      return
    case 'limits':
      run.contract = { ...run.contract, limits: event.data.limits }
      return
    case 'closed':
      return close(run, { ...event.data, at: event.at })
    case 'ending':
      run.ended = [...run.ended, ...event.data.processes].slice(-maxEnded)
      return
    case 'unjudged':
      run.lastUnjudged = event.data.payloadSha256
      run.unjudgedWhy = event.data.why
      return
    // Only a provisional release is taken back or made final.
    case 'reopened':
    case 'finalised':
    case 'repaired':
    case 'refused':
      return
    default:
      never(event, 'ledger event')
  }
}
