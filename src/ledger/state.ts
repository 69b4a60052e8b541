import type { ProcessId } from '../base/process-id.ts'
import type { Contract } from '../contract/types.ts'
import type { EvidenceRef } from '../evidence/types.ts'
import type { RunSoFar } from '../verdict/so-far.ts'
import { type Standing, isOpen, isProvisional } from '../verdict/standing.ts'
import type { LeftByGates } from '../workspace/left-by-gates.ts'
import type { Activation, PlanItem, ProvisionalRelease, StopRecord } from './events.ts'

/** What is known of a run whatever its standing, folded from its events. Times in ms. */
export interface RunFacts extends RunSoFar {
  readonly runId: string
  /** Request ids of every `refined` event, so that a request is taken in once. */
  readonly requestIds: readonly string[]
  readonly activation: Activation
  /** Activation's contract with everything added or amended since. */
  readonly contract: Contract
  readonly createdAt: number
  /** Time of the last event. */
  readonly heartbeatAt: number
  /** When `status` last changed. */
  readonly statusSince: number
  readonly lastStop: StopRecord | null
  /** Sequence number of lastStop's event, 0 without one: tells a second caller whether this stop was judged while it waited. */
  readonly lastStopSeq: number
  /** Time of that event; absent without one. */
  readonly lastStopAt?: number
  readonly plan: {
    readonly items: readonly PlanItem[]
    readonly at: number
    readonly stale: boolean
    /** Open steps beyond those that are kept; absent when there are none. */
    readonly unnamed?: number
  } | null
  /** Sub-agents seen in this run, oldest first; the newest 256. */
  readonly children: readonly Child[]
  /** An unanswered wish of the agent to wait for a person. */
  readonly wait: { readonly reason: string; readonly token: string; readonly seq: number } | null
  /** Workspace fingerprints (of stops) at which a wait was granted since the last prompt of the person. */
  readonly waitedAt: readonly string[]
  /** Commands of the agent that were ended in this run, `<pid> <command>`; the newest 100. */
  readonly ended: readonly string[]
  /** The turn whose end was not judged yet, by the id of its prompt or `armingTurn`; null when there is none. */
  readonly unjudgedTurn: string | null
  /** Why the last stop could not be judged; null when it was, or when a prompt came since. */
  readonly unjudgedWhy: string | null
  /** What the last `unjudged` event was about: hash of its payload or note; absent without one. */
  readonly lastUnjudged?: string
  /** Of the last release, while it was provisional. */
  readonly provisional?: ProvisionalRelease
  /** What gates wrote where nobody had worked, newest last. */
  readonly leftByGates: readonly LeftByGates[]
  /** Evidence that protects nothing, of the start and of what was added since. */
  readonly protectsNothing: readonly EvidenceRef[]
}

/** One run as the fold of its events. */
export type RunState = RunFacts & Standing

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

/** In place of a turn's id: the turn in which the run began. */
export const armingTurn = ''

export function openRun(state: LedgerState): RunState | undefined {
  const last = state.runs.at(-1)
  return last && isOpen(last) ? last : undefined
}

/** The last run, if its release may still be taken back. */
export function provisionalRun(state: LedgerState): ProvisionalRun | undefined {
  const last = state.runs.at(-1)
  return last && isProvisional(last) ? last : undefined
}

export type ProvisionalRun = Extract<RunState, { status: 'released' }> & {
  readonly release: { readonly standing: 'provisional' }
}

/** Whether hooks look after the session: a run is open, or its release is provisional. */
export function isHeldBy(state: LedgerState): boolean {
  return openRun(state) !== undefined || provisionalRun(state) !== undefined
}
