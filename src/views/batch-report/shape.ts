import type { Proposal } from '../../agents/answer.ts'
import type { ParkCode } from '../../supervisor/record/events.ts'
import type { BatchView } from '../batch-status.ts'
import type { GateReport } from './gates.ts'
import type { Happening } from './night.ts'
import type { RecordProblem } from './problem.ts'
import type { Try } from './tries.ts'

/**
 * The morning page of a batch, for people and machines. What an agent said stands under `claimed` and in `tries`, and nowhere
 * else. Times are ISO 8601, durations milliseconds.
 */
export interface BatchReport {
  readonly batch: string
  readonly repo_root: string
  /** Commands without a word about it speak of the newest one. */
  readonly newest: boolean
  readonly state: BatchView['state']
  readonly code: string | null
  readonly why: string | null
  readonly exit_code: number
  readonly base: string
  readonly head: string
  readonly target: string | null
  readonly branch: string | null
  readonly landed: Landed | null
  /** Address of the last one that was found to hold the work. */
  readonly pull_request: string | null
  /** Of the first event and the last one. */
  readonly from: string
  readonly to: string
  readonly record: RecordReport
  readonly needs_you: readonly Need[]
  readonly verified: readonly Verified[]
  readonly claimed: readonly Claimed[]
  readonly items: readonly ReportItem[]
  /** Null: it works through a backlog. */
  readonly goal: GoalReport | null
  readonly totals: Totals
  readonly gates: readonly GateReport[]
  readonly night: readonly Happening[]
}

export interface Landed {
  readonly commit: string
  readonly target: string
  readonly at: string
  /** The target had gone on meanwhile, and both were joined. */
  readonly joined: boolean
  /** Null: a branch of this repository. */
  readonly remote: string | null
}

/** Whether what the report rests on holds together. */
export interface RecordReport {
  readonly holds: boolean
  /** Events of the batch's ledger that hold, and the hash of the last one. */
  readonly events: number
  readonly head: string
  /** Verdicts of the engine that were looked up in their own ledgers. */
  readonly verdicts: number
  readonly problems: readonly RecordProblem[]
}

/** Something that a person has to do, with the one command for it; null where we know of none. */
export type Need =
  | { readonly kind: 'record'; readonly command: string }
  /** The batch rests and does not go on by itself. `until`: of a quota. */
  | {
      readonly kind: 'batch'
      readonly state: BatchView['state']
      readonly code: string | null
      readonly why: string | null
      readonly until: string | null
      readonly command: string
    }
  | {
      readonly kind: 'agent'
      readonly agent: string
      readonly why: 'signed-out' | 'model-unknown' | 'failures'
      readonly said: string | null
      readonly command: string
    }
  | {
      readonly kind: 'item'
      readonly item: string
      readonly title: string
      readonly code: ParkCode
      readonly why: string | null
      readonly proposal: Proposal['kind'] | null
      readonly command: string
    }
  /** Its file says something else than the batch has. */
  | {
      readonly kind: 'edited'
      readonly item: string
      readonly title: string
      readonly command: string
    }
  /** Files of the backlog that the batch does not have. */
  | { readonly kind: 'new-items'; readonly items: readonly string[]; readonly command: string }
  /** What is done and not landed. */
  | {
      readonly kind: 'land'
      readonly items: readonly string[]
      readonly target: string
      readonly command: string
    }
  /** All of it is in a pull request, which a person merges. */
  | {
      readonly kind: 'pull-request'
      readonly url: string
      readonly base: string
      readonly draft: boolean
      readonly command: string
    }

/** An item whose commit is in the head, and whose verdict was looked up in the record. */
export interface Verified {
  readonly item: string
  readonly title: string
  readonly commit: string
  readonly tree: string
  readonly at: string
  readonly attempt: number
  readonly agent: string
  readonly effort: string | null
  /** Agents who read exactly that tree and had nothing against it. */
  readonly passed_by: readonly string[]
  readonly landed: boolean
  /** All that passed on exactly that tree. */
  readonly gates: readonly PassedGate[]
  /** Gates that failed before anybody worked, and were not asked. */
  readonly not_asked: readonly string[]
}

export interface PassedGate {
  readonly name: string
  readonly ms: number
  /** `in-place`: a person lets it pass outside of the clean room. */
  readonly place: 'clean-room' | 'in-place'
  /** It was not run: the same passed before on all that it rests on. */
  readonly reused: boolean
  readonly flaky: boolean
}

/** What an agent said at the end of an attempt. Nobody checked it. */
export interface Claimed {
  readonly item: string
  readonly attempt: number
  readonly agent: string
  readonly at: string
  readonly status: string
  /** Shortened where `cut`. */
  readonly text: string
  readonly cut: boolean
  /** How many turns of the attempt ended with "complete". */
  readonly complete_claims: number
  /** Whether this attempt's work is in the head: then the gates said more than this text. */
  readonly verified: boolean
}

export interface ReportItem {
  readonly id: string
  readonly file: string
  readonly title: string
  readonly state: BatchView['items'][number]['state']
  readonly code: string | null
  readonly why: string | null
  readonly waits_for: BatchView['items'][number]['waits_for']
  readonly edited: boolean
  readonly commit: string | null
  readonly landed: boolean
  /** An earlier batch did it, and nothing was done here. */
  readonly earlier: boolean
  readonly attempts: number
  readonly turns: number
  /** Null: no program said how many. */
  readonly tokens: number | null
  readonly working_ms: number
  readonly judging_ms: number
  /** Of the last attempt. */
  readonly agent: string | null
  readonly effort: string | null
  readonly tries: readonly Try[]
}

export interface GoalReport {
  readonly plan: string
  readonly rules: string | null
  readonly iterations: number
  readonly kept: number
  readonly rows: readonly {
    readonly iteration: number
    readonly at: string
    readonly commit: string | null
    readonly failed: string | null
    readonly turns: number
    readonly tokens: number | null
    /** What the agent had set itself; '' is the plan as it is. */
    readonly goal: string
    readonly claimed: {
      readonly summary: string
      readonly next_goal: string
      readonly reason: string
      readonly evidence: string
      readonly stop: boolean
      readonly completed: boolean
    } | null
  }[]
}

export interface Totals {
  readonly items: Readonly<Record<string, number>>
  readonly attempts: number
  readonly turns: number
  readonly tokens: number | null
  /** Of turns, of judging candidates, and of checks of the base and the head. */
  readonly working_ms: number
  readonly judging_ms: number
  readonly checking_ms: number
  /** From the first event to the last one. */
  readonly wall_ms: number
  readonly agents: readonly {
    readonly agent: string
    readonly attempts: number
    /** Attempts whose work is in the head. */
    readonly verified: number
    readonly turns: number
    readonly tokens: number | null
    readonly working_ms: number
  }[]
}
