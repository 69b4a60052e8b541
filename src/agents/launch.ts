import type { Result } from '../base/result.ts'
import type { Network } from '../contract/network.ts'
import type { Launch } from '../gates/types.ts'

/** What an agent wants to have started. */
export interface AgentStart {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** What it writes above all. Absolute, as the rest. */
  readonly root: string
  /** Besides the root; or `~/…`. */
  readonly writable: readonly string[]
  readonly network: Network
}

/** Puts the box around it. A Failure means that the agent could not start. */
export type AgentLauncher = (start: AgentStart) => Result<Launch>
