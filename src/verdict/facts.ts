import type { Sha256 } from '../base/hash.ts'
import type { DefinitionDrift } from '../definition/drift.ts'
import type { EvidenceFact } from '../evidence/found.ts'
import type { CommandRecord } from '../gates/command-record.ts'
import type { LeftByGates } from '../workspace/left-by-gates.ts'
import type { ScopeFact } from '../workspace/scope/look-at-scope.ts'
import type { Unproved } from './unproved.ts'

export interface PlanFact {
  /** `stale`: made before the last session start; reported, not enforced. */
  readonly state: 'absent' | 'complete' | 'incomplete' | 'stale'
  /** Steps that are not completed. */
  readonly open: readonly string[]
}

export interface RunningProcess {
  readonly pid: number
  /** Tells it from a later one of the same number. */
  readonly start: string
  readonly command: string
}

/** A sub-agent of this session that is at work. */
export interface WorkingChild {
  readonly id: string
  readonly agentType: string
}

/** What only a live agent session has; a supervised attempt has none of it. */
export interface SessionFacts {
  readonly plan: PlanFact
  /** Processes of the session that are alive. */
  readonly background: readonly RunningProcess[]
  /** In this look they were told to end, because everything else was proved. */
  readonly endTried: boolean
  /** Those that were ended in this run, `<pid> <command>`. */
  readonly ended: readonly string[]
  /** Sub-agents at work: what they write later would not have been judged. */
  readonly children: readonly WorkingChild[]
  /** The agent's wish to wait for a person, already checked against its token. */
  readonly wait: { readonly reason: string } | null
  /** Tokens the session has used since the run began, where the agent's program says so. */
  readonly tokens: number | null
}

/** Everything a verdict rests on, gathered by judging/; plain data. */
export interface Facts {
  readonly now: number
  readonly drift: DefinitionDrift | null
  /** Why the workspace could not be looked at, so that nothing is known of it; null when it could. */
  readonly unseen: string | null
  /** Nothing in the workspace differed from the start when the gates began, so what they say is about the start. */
  readonly untouched?: true
  /** What differs outside of the scope; absent when nothing does, or where there is no scope. */
  readonly scope?: ScopeFact
  /** All path evidence of the contract's tasks, met or not. */
  readonly evidence: readonly EvidenceFact[]
  readonly commands: readonly CommandRecord[]
  /** `none`: not even the fast profile ran; `fast`: cheap facts failed; `full`: everything the release needs. */
  readonly gatesRun: 'none' | 'fast' | 'full'
  /** Paths that moved while the gates ran, in the last round of several. */
  readonly gateWrites: readonly string[]
  /** What gates wrote where nobody had worked; null when nothing, or when something else may have written it. */
  readonly leftByGates: LeftByGates | null
  readonly workspace: Sha256
  /** What no gate of the start proves; absent when there is nothing of it, and where the clean room was not asked. */
  readonly unproved?: Unproved
  /** Null when no session is held: the agent is gone by the time its work is judged. */
  readonly session: SessionFacts | null
}
