import { spellings } from './name-form.ts'
import type { ChangeKind } from './types.ts'

/** Paths that differ from one baseline, and how. */
export type Differing = ReadonlyMap<string, ChangeKind>

/** The workspace against several baselines of one kind. */
export interface BaselineDifference {
  readonly perBaseline: readonly Differing[]
  /** Every path that differs from the reference: path → kind and content. */
  readonly state: ReadonlyMap<string, string>
  readonly unknown: readonly string[]
  /** For each baseline: what is gone and has a name with two forms → kind and content. */
  readonly gone: readonly ReadonlyMap<string, string>[]
}

interface Side {
  readonly kind: string
  readonly hash: string
}

/** How one thing became another; null is nothing. The two must differ. */
export function changeKind(was: Side | null, now: Side | null): ChangeKind {
  if (was === null) return 'added'
  if (now === null) return 'removed'
  if (isFile(was) !== isFile(now) || (!isFile(was) && was.kind !== now.kind)) return 'type'
  return was.hash === now.hash ? 'mode' : 'modified'
}

/** Keeps what is gone where its name has another form: it may be there under that. */
export function noteGone(gone: Map<string, string>, path: string, was: Side | null, now: Side | null): void {
  if (was !== null && now === null && spellings(path).length > 1) gone.set(path, `${was.kind} ${was.hash}`)
}

function isFile(side: Side): boolean {
  return side.kind === 'f' || side.kind === 'x'
}
