import { never } from '../base/result.ts'
import type { CommandRecord, LedgerEvent, StopRecord } from './events.ts'
import { type LedgerState, type RunState, isOpen } from './state.ts'

/*
 *                    pause                      stop: park
 *        ┌──── paused ◄──────── active ◄────────────────────► parked
 *        └────── resume ──────►  │  ▲ ▲        prompt, resume    │
 *                    stop: halt  │  │ └── resume ── halted       │
 *                                ▼  └── (fresh limits)           │
 *                              halted                            │
 *   any open one ── stop: release ─► released   closed ─► waived, disabled
 */

export const emptyState: LedgerState = { runs: [], seq: 0, head: '' }

/** The state after these events. Pure, total, and the same however the events are cut into pieces. */
export function fold(events: readonly LedgerEvent[], from: LedgerState = emptyState): LedgerState {
  const last = events.at(-1)
  if (!last) return from
  const runs = [...from.runs]
  for (const event of events) {
    const current = runs.at(-1)
    const open = current && isOpen(current) ? current : undefined
    if (event.type === 'activated') {
      // startRun refuses a second open run; if one is there all the same, the first contract keeps its hold.
      if (!open) runs.push(begun(event))
    } else if (open) runs[runs.length - 1] = moved(open, event)
  }
  return { runs, seq: last.seq, head: last.hash }
}

type Activated = Extract<LedgerEvent, { type: 'activated' }>

function begun({ data, at }: Activated): RunState {
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
    wait: null,
    waitedAt: [],
    haltCause: null,
    parkCause: null,
    notices: [],
    unjudgedTurn: null,
    closed: null,
  }
}

function moved(run: RunState, event: Exclude<LedgerEvent, Activated>): RunState {
  const next = { ...run, heartbeatAt: event.at }
  switch (event.type) {
    case 'stop':
      return stopped({ ...next, lastStopSeq: event.seq, unjudgedTurn: null }, event.data, event.at)
    case 'plan':
      return { ...next, plan: { items: event.data.plan, at: event.at, stale: false } }
    case 'session':
      // Only a compaction keeps what the model knows of its plan.
      return next.plan && event.data.source !== 'compact'
        ? { ...next, plan: { ...next.plan, stale: true } }
        : next
    case 'prompt':
      return prompted({ ...next, wait: null, waitedAt: [], unjudgedTurn: event.data.turnId }, event.at)
    case 'paused':
      return run.status === 'active' || run.status === 'parked'
        ? { ...next, status: 'paused', statusSince: event.at, parkCause: null }
        : next
    case 'resumed':
      return resumed(next, event.data.by !== 'agent', event.at)
    case 'wait':
      return { ...next, wait: { reason: event.data.reason, token: event.data.token, seq: event.seq } }
    case 'refined':
      return { ...next, contract: event.data.contract, requestIds: [...run.requestIds, event.data.requestId] }
    case 'amended':
      return { ...next, activation: event.data.activation, contract: event.data.activation.contract }
    case 'limits':
      return { ...next, contract: { ...next.contract, limits: event.data.limits } }
    case 'closed':
      return closed(next, { ...event.data, at: event.at })
    case 'repaired':
    case 'refused':
      return next
    default:
      return never(event, 'ledger event')
  }
}

function stopped(run: RunState, stop: StopRecord, at: number): RunState {
  const same = run.lastStop?.signature === stop.signature && run.lastStop.workspace === stop.workspace
  const next: RunState = {
    ...run,
    stops: run.stops + 1,
    lastStop: stop,
    repeated: same ? run.repeated + 1 : 1,
    couldNotRun: stop.commands.length === 0 ? run.couldNotRun : counted(run.couldNotRun, stop.commands),
    notices: stop.notices.length === 0 ? run.notices : [...new Set([...run.notices, ...stop.notices])],
  }
  switch (stop.verdict) {
    case 'block':
      return { ...next, iteration: run.iteration + 1 }
    case 'release':
      return closed(next, { how: 'released', by: 'hook', reason: null, at })
    case 'park': {
      // Parked for another cause, the agent's wish stays unanswered.
      const granted = /^wait(:|$)/.test(stop.parkCause ?? '')
      return {
        ...next,
        status: 'parked',
        statusSince: at,
        parkCause: stop.parkCause ?? 'unknown',
        wait: granted ? null : run.wait,
        waitedAt: granted ? [...run.waitedAt, stop.workspace] : run.waitedAt,
      }
    }
    case 'halt':
      return { ...next, status: 'halted', statusSince: at, haltCause: stop.haltCause ?? 'unknown' }
    default:
      return never(stop.verdict, 'verdict')
  }
}

/** Each person's word ends the row of equal stops: what follows is a new try. */
function prompted(run: RunState, at: number): RunState {
  if (run.status !== 'parked') return run
  return { ...waited(run, at), status: 'active', statusSince: at, parkCause: null, repeated: 0 }
}

function resumed(run: RunState, byPerson: boolean, at: number): RunState {
  if (run.status === 'active') return run
  const next: RunState = { ...run, status: 'active', statusSince: at, parkCause: null, haltCause: null }
  if (run.status === 'paused') return { ...next, limitsFrom: waited(run, at).limitsFrom }
  return byPerson
    ? { ...next, iteration: 0, repeated: 0, limitsFrom: at, notices: [], wait: null, waitedAt: [] }
    : next
}

/** Time in which the agent was not held does not count against maxMinutes. A clock that went back adds nothing. */
function waited(run: RunState, at: number): RunState {
  return { ...run, limitsFrom: run.limitsFrom + Math.max(0, at - (run.statusSince ?? at)) }
}

function counted(
  before: Readonly<Record<string, number>>,
  commands: readonly CommandRecord[],
): Readonly<Record<string, number>> {
  const counts = new Map(Object.entries(before))
  for (const { name, outcome } of commands) {
    if (outcome === 'could-not-run') counts.set(name, (before[name] ?? 0) + 1)
    else counts.delete(name)
  }
  return Object.fromEntries(counts)
}

function closed(run: RunState, how: NonNullable<RunState['closed']>): RunState {
  return { ...run, status: how.how, statusSince: how.at, wait: null, closed: how }
}
