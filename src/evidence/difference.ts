import type { ChangeKind } from './types.ts'

/** Paths that differ from one baseline, and how. */
export type Differing = ReadonlyMap<string, ChangeKind>

/** The workspace against several baselines of one kind. */
export interface BaselineDifference {
  readonly perBaseline: readonly Differing[]
  /** Every path that differs from the reference: path → kind and content. */
  readonly state: ReadonlyMap<string, string>
  readonly unknown: readonly string[]
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

function isFile(side: Side): boolean {
  return side.kind === 'f' || side.kind === 'x'
}
