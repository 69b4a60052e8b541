import type { BatchPaths } from '../batch/paths.ts'
import type { OurRef } from '../../workspace/trees/our-refs.ts'

/** One thing of ours that can go. */
export type Removable =
  /** `rescue`: what is in it is kept first, below the refs of that batch; null: a person discards it. */
  | { readonly what: 'worktree'; readonly name: string; readonly dir: string; readonly rescue: string | null }
  | { readonly what: 'directory'; readonly dir: string }
  | { readonly what: 'ref'; readonly ref: OurRef }
  /** What agents and gates printed in the attempts of a batch; `files` from `dir`. */
  | {
      readonly what: 'logs'
      readonly dir: string
      readonly batch: BatchPaths
      readonly files: readonly string[]
      readonly bytes: number
    }

export interface CleanPlan {
  readonly remove: readonly Removable[]
  readonly kept: readonly { readonly name: string; readonly why: string }[]
}
