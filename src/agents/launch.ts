import type { Result } from '../base/result.ts'
import type { Network } from '../contract/network.ts'
import type { Launch } from '../gates/types.ts'

/** What an agent wants to have started. Paths are absolute. */
export interface AgentStart {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** What it writes above all. */
  readonly root: string
  /** Besides the root; or `~/…`. */
  readonly writable: readonly string[]
  /** Within these, what stays as it is all the same, also where nothing is there yet. Absent: nothing. */
  readonly closed?: readonly string[]
  /** Directories that it writes as well, and of which nothing of that stays. Absent: none. */
  readonly thrownAway?: readonly string[]
  /** Files and directories that it cannot read, besides those that no agent reads. Absent: none. */
  readonly hidden?: readonly string[]
  readonly network: Network
  /**
   * `codex`: Codex's sandbox inside the box. A program that makes that sandbox itself, around each command of its model, runs in the
   * box alone, and of what it writes this stays as it was.
   */
  readonly inside: 'codex' | { readonly readOnly: readonly string[] }
}

export interface AgentLaunch extends Launch {
  /** The same once more, of the directories that there are by then. */
  readonly again?: () => Result<AgentLaunch>
}

/** Puts the box around it. A Failure means that the agent could not start. */
export type AgentLauncher = (start: AgentStart) => Result<AgentLaunch>

/** What every agent of a batch is started with. */
export interface AgentGround {
  readonly launch: AgentLauncher
  /** PATH recorded at approval. */
  readonly gatePath: string
  readonly vars: Readonly<Record<string, string | undefined>>
  /** Of the batch: what carries it in its environment is found by `endLeftovers`. Without a colon. */
  readonly mark: string
}
