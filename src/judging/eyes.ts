import type { Result } from '../base/result.ts'
import type { Command } from '../contract/types.ts'
import type { EvidenceOptions } from '../evidence/types.ts'
import type { GateResult } from '../gates/types.ts'
import type { RunningProcess } from '../verdict/facts.ts'

/** What gathering needs from its caller; `check` and the stop hook give different ones. */
export interface Eyes {
  readonly home: string
  readonly workspace: EvidenceOptions
  readonly now: () => number
  readonly transcriptPath: string | null
  readonly lastMessage: string | null
  readonly runningProcesses: () => readonly RunningProcess[]
  /**
   * Puts on record that these are ended, ends them and tells which are left; a failure when nothing was done. Absent for
   * a caller that only looks.
   */
  readonly endProcesses?: (processes: readonly RunningProcess[]) => Promise<Result<readonly RunningProcess[]>>
  /** `between` is asked before each further gate or group of them: false ends the row. */
  readonly runGates: (
    commands: readonly Command[],
    between?: () => Promise<boolean>,
  ) => Promise<readonly GateResult[]>
}
