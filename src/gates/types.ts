import type { Result } from '../base/result.ts'
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
}

/** How one argv becomes the argv that is really started. Made by codex/ (sandbox) and handed in. */
export interface Launch {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly sandboxed: boolean
}

/** What a gate wants to have started: an argv that announces itself (starter) and its environment. */
export interface GateStart {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly command: Command
}

/** Wraps a start for the sandbox, or leaves it alone (`directLaunch`). A Failure makes the gate could-not-run. */
export type Launcher = (start: GateStart) => Result<Launch>
