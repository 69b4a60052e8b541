/** One thing that was mended. `name`: a path, a ref, or the number of a process. */
export interface Mended {
  readonly what:
    | 'process-ended'
    | 'worktree-removed'
    | 'worktree-registered'
    | 'registration-removed'
    | 'repository-mended'
    | 'lock-removed'
    | 'note-removed'
    | 'request-removed'
    | 'request-moved'
    | 'suspension-removed'
    | 'mode-set'
  readonly name: string
  /** Where what was in it is kept; null: there was nothing to keep. */
  readonly kept: string | null
}

/** What stays as it is, and why. */
export interface LeftAlone {
  readonly name: string
  readonly why: string
}

export interface Repaired {
  readonly did: readonly Mended[]
  readonly left: readonly LeftAlone[]
}

export const mended = (what: Mended['what'], name: string, kept: string | null = null): Mended => ({
  what,
  name,
  kept,
})
