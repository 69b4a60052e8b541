import type { Sha256 } from '../base/hash.ts'

/** How one part of the definition differs from what was frozen, as data; texts in it are bounded and hold no control characters. */
export type Difference =
  /** A value that was there or not; null means absent. */
  | { readonly kind: 'value'; readonly was: string | null; readonly now: string | null }
  /** The differing lines of a text, from this line on; what is left out is counted. */
  | {
      readonly kind: 'lines'
      readonly line: number
      readonly removed: readonly string[]
      readonly moreRemoved: number
      readonly added: readonly string[]
      readonly moreAdded: number
    }
  /** The approved config has another content; digests, null where there is none. */
  | { readonly kind: 'content'; readonly was: Sha256 | null; readonly now: Sha256 | null }
  | { readonly kind: 'unreadable'; readonly why: string }
  /** It differs from the start where it may not. */
  | { readonly kind: 'out-of-scope'; readonly why: 'outside' | 'definition' | 'part' | 'unreadable' }
  /** More of the same that is not listed. */
  | { readonly kind: 'more'; readonly count: number }
  /** As a release before 0.4 wrote it down. */
  | { readonly kind: 'recorded'; readonly text: string }

/** One difference between the frozen definition (config, pins) and what is there now. */
export interface DefinitionChange {
  readonly id: string
  /** Relative to the root. */
  readonly file: string
  /** What differs within the file, such as `scripts.test`; null for the file itself. */
  readonly member: string | null
  readonly difference: Difference
}

export interface DefinitionDrift {
  readonly changes: readonly DefinitionChange[]
  /** What a person names in `amend <digest>` to accept exactly this difference. */
  readonly digest: Sha256
  /** False when the agent cannot put it back itself (root `.codex`, read-only in Codex's sandbox). */
  readonly undoable: boolean
}

/** What a person may accept by its digest. */
export type AcceptableDifference = Pick<DefinitionDrift, 'changes' | 'digest'>
