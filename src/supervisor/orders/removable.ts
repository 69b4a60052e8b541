import type { OurRef } from '../../workspace/trees/our-refs.ts'

/** One thing of ours that can go. */
export type Removable =
  /** `rescue`: what is in it is kept first, below the refs of that batch; null: a person discards it. */
  | { readonly what: 'worktree'; readonly name: string; readonly dir: string; readonly rescue: string | null }
  | { readonly what: 'directory'; readonly dir: string }
  | { readonly what: 'ref'; readonly ref: OurRef }

export interface CleanPlan {
  readonly remove: readonly Removable[]
  readonly kept: readonly { readonly name: string; readonly why: string }[]
}
