import type { Result } from '../base/result.ts'
import type { Network } from '../contract/network.ts'
import type { Reached } from './reach.ts'
import type { Command } from '../contract/types.ts'

export type GateOutcome =
  | { readonly kind: 'passed' }
  | {
      readonly kind: 'failed'
      readonly exitCode: number | null
      readonly signal: string | null
      readonly cause: 'exit' | 'signal' | 'timeout' | 'killed'
    }
  /** Not the agent's fault: nothing can be said about the work. */
  | { readonly kind: 'could-not-run'; readonly why: string; readonly fix?: string }

/**
 * How much of the box a machine grants, the best first. `box`: namespaces of its own, and the disk through layers that are
 * thrown away. `box-no-unix`: without such layers, so unix sockets are refused altogether. `codex-only`: Codex's sandbox
 * alone, which has no loopback.
 */
export const rungs = ['box', 'box-no-unix', 'codex-only'] as const
export type BoxRung = (typeof rungs)[number]

/** What a gate of format version 2 really got. */
export interface GateBox {
  readonly rung: BoxRung
  /** `none` although `loopback` was asked for, where the rung has none. */
  readonly network: Network
  /** What of the machine it was let into, as in the config, with links and globs resolved. Absent: nothing. */
  readonly reach?: readonly string[]
  /** It spoke to a container engine, which sees the machine's own paths: its word is of the place it ran in alone. */
  readonly vouches?: 'in-place'
}

export interface GateResult {
  readonly name: string
  readonly argv: readonly string[]
  readonly outcome: GateOutcome
  readonly durationMs: number
  /**
   * stdout and stderr together, bounded, control characters kept. `tail` always holds the last part, so short output is
   * whole in `tail` and `head` is empty; `head` never repeats what `tail` has.
   */
  readonly head: string
  readonly tail: string
  readonly outputBytes: number
  /** Whole output up to a limit; null when nothing was written. */
  readonly logFile: string | null
  readonly sandboxed: boolean
  /** Null for a gate that asked for no box. */
  readonly box: GateBox | null
}

/** How one argv becomes the argv that is really started. Made by codex/ (sandbox) and handed in. */
export interface Launch {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly sandboxed: boolean
  readonly box?: GateBox
  /** Opened for it as descriptors from FIRST_DEVICE on. */
  readonly devices?: readonly string[]
}

/** What a gate wants to have started: an argv that announces itself (starter) and its environment. */
export interface GateStart {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly command: Command
  readonly reached: Reached
}

/** Wraps a start for the sandbox, or leaves it alone (`directLaunch`). A Failure makes the gate could-not-run. */
export type Launcher = (start: GateStart) => Result<Launch>
