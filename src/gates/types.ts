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
  /** First and last part of stdout and stderr together, bounded, control characters kept. */
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
