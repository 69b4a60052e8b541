import type { LeftByGates } from '../workspace/left-by-gates.ts'
import type { ProcessId } from '../base/process-id.ts'
import type { Contract } from '../contract/types.ts'
import type { Activation, PlanItem, StopRecord } from './events.ts'

export type RunStatus = 'active' | 'paused' | 'parked' | 'halted' | 'released' | 'waived' | 'disabled'

/** One run as the fold of its events. */
export interface RunState {
  readonly runId: string
  /** Request ids of every `refined` event, so that a request is taken in once. */
  readonly requestIds: readonly string[]
  readonly status: RunStatus
  readonly activation: Activation
  /** Activation's contract with everything added or amended since. */
  readonly contract: Contract
  readonly createdAt: number
  /** Time of the last event. */
  readonly heartbeatAt: number
  /** When `status` last changed; the fold always sets it. */
  readonly statusSince?: number
  /** Judged stops of this run that blocked since the last fresh limits. */
  readonly iteration: number
  /** Judged stops of this run, ever. */
  readonly stops: number
  /** When the limits were last made fresh (activation or a person's resume). */
  readonly limitsFrom: number
  readonly lastStop: StopRecord | null
  /** Sequence number of lastStop's event, 0 without one: tells a second caller whether this stop was judged while it waited. */
  readonly lastStopSeq: number
  /** Time of that event; absent without one. */
  readonly lastStopAt?: number
  /** Stops in a row with lastStop's signature and workspace. */
  readonly repeated: number
  /** Stops in a row in which the same command could not run, by command name. */
  readonly couldNotRun: Readonly<Record<string, number>>
  readonly plan: { readonly items: readonly PlanItem[]; readonly at: number; readonly stale: boolean } | null
  /** Sub-agents seen in this run, oldest first; the newest 256. */
  readonly children: readonly Child[]
  /** An unanswered wish of the agent to wait for a person. */
  readonly wait: { readonly reason: string; readonly token: string; readonly seq: number } | null
  /** Workspace fingerprints (of stops) at which a wait was granted since the last prompt of the person. */
  readonly waitedAt: readonly string[]
  readonly haltCause: string | null
  readonly parkCause: string | null
  readonly notices: readonly string[]
  /** Commands of the agent that were ended in this run, `<pid> <command>`; the newest 100. */
  readonly ended: readonly string[]
  /** Turn id of a prompt after which no stop was judged yet; null when the last turn was judged. */
  readonly unjudgedTurn: string | null
  /** What the last `unjudged` event was about: hash of its payload or note; absent without one. */
  readonly lastUnjudged?: string
  /** What gates wrote where nobody had worked, newest last; absent when nothing. */
  readonly leftByGates?: readonly LeftByGates[]
  readonly closed: {
    readonly how: 'released' | 'waived' | 'disabled'
    readonly by: string
    readonly reason: string | null
    readonly at: number
  } | null
}

/** A sub-agent that was seen in this run, also one that has ended: input may start it again. Times in ms. */
export interface Child {
  readonly id: string
  readonly agentType: string | null
  readonly transcript: string | null
  readonly codex: ProcessId | null
  readonly startedAt: number
  readonly stoppedAt: number | null
}

/** A session's ledger, folded. */
export interface LedgerState {
  /** Runs of this session in order; the last one may be open. */
  readonly runs: readonly RunState[]
  /** Sequence number and hash of the last event; 0 and '' for an empty ledger. */
  readonly seq: number
  readonly head: string
}

/** active, paused, parked and halted runs are open: their contract still holds. */
export function isOpen(run: RunState): boolean {
  return run.closed === null
}

export function openRun(state: LedgerState): RunState | undefined {
  const last = state.runs.at(-1)
  return last && isOpen(last) ? last : undefined
}
