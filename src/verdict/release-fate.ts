import { never } from '../base/result.ts'
import type { ChangedSince, FinalBy, FinalLook } from './standing.ts'

/** What somebody saw who compared a release with what is there now. */
export type ReleaseSeen =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly changes: ChangedSince }
  | { readonly kind: 'not-looked'; readonly why: string }

export interface ReleaseCase {
  readonly how: FinalBy
  /** Codex of the session runs. */
  readonly live: boolean
  /** A prompt of the person came since the release, so turns after it are theirs. */
  readonly prompted: boolean
  /** The agent acted after the release and before any prompt. */
  readonly worked: boolean
}

export type ReleaseFate =
  | { readonly kind: 'final'; readonly look: FinalLook }
  | { readonly kind: 'reopened'; readonly changes: ChangedSince | null }
  | { readonly kind: 'provisional'; readonly why: string }

/**
 * Whether a provisional release becomes final. A change is the agent's only if it acted after the release and before any
 * prompt of the person; anybody else's is named, and the release stays. Pure.
 */
export function fateOf(seen: ReleaseSeen, { how, live, prompted, worked }: ReleaseCase): ReleaseFate {
  const agents = worked && !prompted
  switch (seen.kind) {
    case 'unchanged':
      return how === 'check' && agents && live
        ? { kind: 'provisional', why: 'the agent is at work again, and its next stop is judged' }
        : final(how, 'unchanged', null, null)
    case 'changed':
      return agents ? { kind: 'reopened', changes: seen.changes } : final(how, 'changed', seen.changes, null)
    case 'not-looked':
      // What the agent did after its release is judged, seen or not.
      if (agents && how === 'prompt') return { kind: 'reopened', changes: null }
      // The turn of the person's prompt has ended: from here on everything that differs may be theirs.
      return how === 'stop'
        ? final(how, 'not-looked', null, seen.why)
        : { kind: 'provisional', why: seen.why }
    default:
      return never(seen, 'look at a release')
  }
}

function final(
  how: FinalBy,
  looked: FinalLook['looked'],
  changes: ChangedSince | null,
  why: string | null,
): ReleaseFate {
  return { kind: 'final', look: { how, looked, changes, why } }
}
