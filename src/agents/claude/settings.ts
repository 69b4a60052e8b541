/** Claude Code, as a config names it. */
export interface ClaudeAgent {
  readonly bin: string
  /** The person's own: their sign-in, settings and conversations. */
  readonly configDir: string
  /** Null: what the person's settings say. */
  readonly model: string | null
  readonly effort: string | null
  /** Whether the person trusts the project with Claude Code: its instructions, settings and hooks then count in worktrees too. */
  readonly isTrusted: boolean
}
