/** Codex, as a config names it. */
export interface CodexAgent {
  /** The native binary. */
  readonly bin: string
  /** The person's own: their sign-in, settings and conversations. */
  readonly codexHome: string
  /** Null: what the person's config.toml says. */
  readonly model: string | null
  readonly effort: string | null
  /** What the commands of its model may reach. */
  readonly network: 'none' | 'full'
  /** Whether the person trusts the project with Codex, whose settings then count in worktrees too. */
  readonly isTrusted: boolean
}
