import { type Standing, isProvisional } from '../verdict/standing.ts'
import type { LedgerEvent } from './events.ts'
import { type Activated, moveBy } from './fold-event.ts'
import { type Draft, makeFinal, nextRun } from './fold-status.ts'
import {
  type LedgerState,
  type RunFacts,
  type RunState,
  armingTurn,
  openRun,
  provisionalRun,
} from './state.ts'

export const emptyState: LedgerState = { runs: [], seq: 0, head: '' }

/** Takes events one by one, so that those of a long ledger need not be held together. */
export interface Folding {
  readonly add: (event: LedgerEvent) => void
  readonly state: () => LedgerState
}

export function startFold(from: LedgerState = emptyState): Folding {
  const before = openRun(from) ?? provisionalRun(from)
  const ended: RunState[] = before ? from.runs.slice(0, -1) : [...from.runs]
  let { seq, head } = from
  let open: Draft | undefined = before && drafted(before)
  return {
    add: (event) => {
      ;({ seq, hash: head } = event)
      if (event.type !== 'activated') {
        if (open) moveBy(open, event)
      } else if (!open || isProvisional(open.standing)) {
        if (open) {
          makeFinal(open, nextRun)
          ended.push(finished(open))
        }
        // startRun refuses a second open run; if one is there all the same, the first contract keeps its hold.
        open = begun(event)
      }
      if (open && 'closed' in open.standing && !isProvisional(open.standing)) {
        ended.push(finished(open))
        open = undefined
      }
    },
    state: () => ({ runs: open ? [...ended, finished(open)] : [...ended], seq, head }),
  }
}

/** The state after these events. Pure, total, and the same however the events are cut into pieces. */
export function fold(events: readonly LedgerEvent[], from: LedgerState = emptyState): LedgerState {
  const folding = startFold(from)
  for (const event of events) folding.add(event)
  return folding.state()
}

function finished({ standing, ...facts }: Draft): RunState {
  return { ...facts, ...standing }
}

function drafted(run: RunState): Draft {
  const standing: Standing =
    run.status === 'parked'
      ? { status: run.status, park: run.park }
      : run.status === 'halted'
        ? { status: run.status, halt: run.halt }
        : run.status === 'released'
          ? { status: run.status, closed: run.closed, release: run.release }
          : 'closed' in run
            ? { status: run.status, closed: run.closed }
            : { status: run.status }
  const facts: RunFacts & Record<string, unknown> = { ...run }
  for (const key of ['status', 'park', 'halt', 'closed', 'release']) delete facts[key]
  return { ...facts, standing }
}

function begun({ data, at }: Activated): Draft {
  return {
    runId: data.runId,
    requestIds: [],
    standing: { status: 'active' },
    activation: data,
    contract: data.contract,
    createdAt: at,
    heartbeatAt: at,
    statusSince: at,
    iteration: 0,
    stops: 0,
    limitsFrom: at,
    lastStop: null,
    lastStopSeq: 0,
    repeated: 0,
    couldNotRun: {},
    plan: null,
    children: [],
    wait: null,
    waitedAt: [],
    named: [],
    shownDrifts: [],
    ended: [],
    unjudgedTurn: isInTurn(data) ? armingTurn : null,
    unjudgedWhy: null,
    leftByGates: [],
    protectsNothing: data.protectsNothing ?? [],
  }
}

/** A prompt arms in the turn that it begins, an agent in the one it works in; a terminal may do so between two. */
function isInTurn({ origin }: Activated['data']): boolean {
  return origin.kind === 'session' && origin.mode !== 'terminal' && origin.formerSessions === undefined
}
