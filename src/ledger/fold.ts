import type { LedgerEvent } from './events.ts'
import { type Activated, moveBy } from './fold-event.ts'
import type { Draft } from './fold-status.ts'
import { type LedgerState, type RunState, openRun } from './state.ts'

export const emptyState: LedgerState = { runs: [], seq: 0, head: '' }

/** Takes events one by one, so that those of a long ledger need not be held together. */
export interface Folding {
  readonly add: (event: LedgerEvent) => void
  readonly state: () => LedgerState
}

export function startFold(from: LedgerState = emptyState): Folding {
  const runs: RunState[] = [...from.runs]
  let { seq, head } = from
  const before = openRun(from)
  let open: Draft | undefined
  if (before) runs[runs.length - 1] = open = { ...before }
  return {
    add: (event) => {
      ;({ seq, hash: head } = event)
      if (event.type !== 'activated') {
        if (open) moveBy(open, event)
      } else if (!open) {
        // startRun refuses a second open run; if one is there all the same, the first contract keeps its hold.
        open = begun(event)
        runs.push(open)
      }
      if (open?.closed) open = undefined
    },
    state: () => ({ runs: runs.map((run) => ({ ...run })), seq, head }),
  }
}

/** The state after these events. Pure, total, and the same however the events are cut into pieces. */
export function fold(events: readonly LedgerEvent[], from: LedgerState = emptyState): LedgerState {
  const folding = startFold(from)
  for (const event of events) folding.add(event)
  return folding.state()
}

function begun({ data, at }: Activated): Draft {
  return {
    runId: data.runId,
    requestIds: [],
    status: 'active',
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
    haltCause: null,
    parkCause: null,
    notices: [],
    ended: [],
    unjudgedTurn: null,
    closed: null,
  }
}
