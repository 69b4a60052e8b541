import { never } from '../base/result.ts'
import type { CommandRecord, EventData, LedgerEvent, PlanItem, StopRecord } from './events.ts'
import { type Child, type LedgerState, type RunState, openRun } from './state.ts'

const maxEnded = 100
const maxChildren = 256
/** Status of a plan step that vanished from the plan while it was open. */
export const droppedStep = 'dropped'

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

/** A run while one fold works on it; nobody else holds it. Its arrays and objects are replaced, never changed. */
type Draft = { -readonly [K in keyof RunState]: RunState[K] }

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
        if (open) move(open, event)
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

type Activated = Extract<LedgerEvent, { type: 'activated' }>

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

function move(run: Draft, event: Exclude<LedgerEvent, Activated>): void {
  run.heartbeatAt = event.at
  switch (event.type) {
    case 'stop':
      run.lastStopSeq = event.seq
      run.lastStopAt = event.at
      run.unjudgedTurn = null
      return stop(run, event.data, event.at)
    case 'plan':
      run.plan = { items: withDropped(run.plan, event.data.plan), at: event.at, stale: false }
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
      run.wait = null
      run.waitedAt = []
      if (run.status === 'parked') {
        addIdleTime(run, event.at)
        enter(run, 'active', event.at)
        // A person's word ends the row of equal stops: what follows is a new try.
        run.repeated = 0
      }
      return
    case 'paused':
      if (run.status === 'active' || run.status === 'parked') enter(run, 'paused', event.at)
      return
    case 'resumed':
      return resume(run, event.data.by !== 'agent', event.at)
    case 'wait':
      run.wait = { reason: event.data.reason, token: event.data.token, seq: event.seq }
      return
    case 'refined':
      run.contract = event.data.contract
      run.requestIds = [...run.requestIds, event.data.requestId]
      return
    case 'amended':
      run.activation = event.data.activation
      run.contract = event.data.activation.contract
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
      return
    case 'repaired':
    case 'refused':
      return
    default:
      never(event, 'ledger event')
  }
}

/**
 * A plan that claims that nothing is left must hold every step that was open just before: taking a step out is not
 * doing it. While steps are open, a plan may be worded anew.
 */
function withDropped(before: RunState['plan'], plan: readonly PlanItem[]): readonly PlanItem[] {
  if (!before || before.stale || plan.some((item) => item.status !== 'completed')) return plan
  const kept = new Set(plan.map((item) => item.step))
  const dropped = before.items.filter((item) => item.status !== 'completed' && !kept.has(item.step))
  return [...plan, ...dropped.map(({ step }) => ({ step, status: droppedStep }))]
}

function withChild(
  children: readonly Child[],
  { id, what, agentType, transcript, codex }: EventData['child'],
  at: number,
): readonly Child[] {
  const known = children.find((child) => child.id === id)
  const child: Child = {
    id,
    agentType,
    transcript: transcript ?? known?.transcript ?? null,
    codex: codex ?? known?.codex ?? null,
    startedAt: what === 'started' ? at : (known?.startedAt ?? at),
    stoppedAt: what === 'stopped' ? at : null,
  }
  return [...children.filter((one) => one.id !== id), child].slice(-maxChildren)
}

function stop(run: Draft, data: StopRecord, at: number): void {
  const same = run.lastStop?.signature === data.signature && run.lastStop.workspace === data.workspace
  run.repeated = same ? run.repeated + 1 : 1
  run.stops += 1
  run.lastStop = data
  if (data.commands.length > 0) run.couldNotRun = counted(run.couldNotRun, data.commands)
  if (data.notices.length > 0) run.notices = [...new Set([...run.notices, ...data.notices])]
  switch (data.verdict) {
    case 'block':
      run.iteration += 1
      return
    case 'release':
      return close(run, { how: 'released', by: 'hook', reason: null, at })
    case 'park':
      enter(run, 'parked', at)
      run.parkCause = data.parkCause ?? 'unknown'
      // Parked for another cause, the agent's wish stays unanswered.
      if (/^wait(:|$)/.test(run.parkCause)) {
        run.wait = null
        run.waitedAt = [...run.waitedAt, data.workspace]
      }
      return
    case 'halt':
      // Announced by a last block, which counts.
      run.iteration += 1
      enter(run, 'halted', at)
      run.haltCause = data.haltCause ?? 'unknown'
      return
    default:
      never(data.verdict, 'verdict')
  }
}

function resume(run: Draft, byPerson: boolean, at: number): void {
  if (run.status === 'active') return
  const wasPaused = run.status === 'paused'
  if (wasPaused) addIdleTime(run, at)
  enter(run, 'active', at)
  if (wasPaused || !byPerson) return
  run.iteration = 0
  run.repeated = 0
  run.limitsFrom = at
  run.notices = []
  run.wait = null
  run.waitedAt = []
}

function enter(run: Draft, status: RunState['status'], at: number): void {
  run.status = status
  run.statusSince = at
  run.parkCause = null
  run.haltCause = null
}

/** Time in which the agent was not held does not count against maxMinutes. A clock that went back adds nothing. */
function addIdleTime(run: Draft, at: number): void {
  run.limitsFrom += Math.max(0, at - (run.statusSince ?? at))
}

function counted(
  before: Readonly<Record<string, number>>,
  commands: readonly CommandRecord[],
): Readonly<Record<string, number>> {
  const counts = new Map(Object.entries(before))
  for (const { name, outcome } of commands) {
    if (outcome === 'could-not-run') counts.set(name, (counts.get(name) ?? 0) + 1)
    else counts.delete(name)
  }
  return Object.fromEntries(counts)
}

function close(run: Draft, how: NonNullable<RunState['closed']>): void {
  run.status = how.how
  run.statusSince = how.at
  run.wait = null
  run.closed = how
}
