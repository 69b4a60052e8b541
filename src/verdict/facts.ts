import type { Sha256 } from '../base/hash.ts'
import type { LeftByGates } from '../workspace/left-by-gates.ts'
import type { EvidenceFact } from '../evidence/types.ts'
import type { CommandRecord } from '../ledger/events.ts'

/** One difference between the frozen definition (config, pins) and what is there now. */
export interface DefinitionChange {
  readonly id: string
  /** Relative to the root. */
  readonly file: string
  /** The exact difference, a few lines. */
  readonly text: string
}

export interface DefinitionDrift {
  readonly changes: readonly DefinitionChange[]
  /** What a person names in `amend <digest>` to accept exactly this difference. */
  readonly digest: Sha256
  /** False when the agent cannot put it back itself (root `.codex`, read-only in Codex's sandbox). */
  readonly undoable: boolean
}

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

/** Everything a verdict rests on, gathered by hooks/ and by `check`; plain data. */
export interface Facts {
  readonly now: number
  readonly drift: DefinitionDrift | null
  /** Why the workspace could not be looked at, so that nothing is known of it; null when it could. */
  readonly unseen: string | null
  readonly plan: PlanFact
  /** All path evidence of required tasks, met or not. */
  readonly evidence: readonly EvidenceFact[]
  readonly commands: readonly CommandRecord[]
  /** `none`: not even the fast profile ran; `fast`: cheap facts failed; `full`: everything the release needs. */
  readonly gatesRun: 'none' | 'fast' | 'full'
  /** Processes of the session that are alive. */
  readonly background: readonly RunningProcess[]
  /** In this look they were told to end, because everything else was proved. */
  readonly endTried: boolean
  /** Those that were ended in this run, `<pid> <command>`. */
  readonly ended: readonly string[]
  /** Sub-agents at work: what they write later would not have been judged. */
  readonly children: readonly WorkingChild[]
  /** Paths that moved while the gates ran, in the last round of several. */
  readonly gateWrites: readonly string[]
  /** What gates wrote where nobody had worked; null when nothing, or when something else may have written it. */
  readonly leftByGates: LeftByGates | null
  readonly workspace: Sha256
  /** The agent's wish to wait for a person, already checked against its token. */
  readonly wait: { readonly reason: string } | null
  /** Tokens the session has used since the run began, where Codex says so. */
  readonly tokens: number | null
}
