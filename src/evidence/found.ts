import type { Change } from './types.ts'

/*
 * What looking at one piece of evidence found, as data for the ledger. It never repeats what was asked for, and it holds no
 * sentence: those are made in verdict/words/evidence.ts.
 */

/** Some of many: those that help a reader most, and how many there are besides. */
export interface Some<T> {
  readonly some: readonly T[]
  readonly more: number
}

/** What stands at a path; links are not followed. */
export type PathType = 'file' | 'directory' | 'link' | 'special file'

/** Why the text of a file could not be searched. */
export type Unreadable = 'too-large' | 'denied' | 'io' | 'pattern-timeout' | 'pattern-too-complex'

/** What was seen at one name. */
export type Seen =
  | { readonly kind: 'there'; readonly type: PathType }
  /** `near`: a path that differs only in case or ending; `noDirectory`: the directory it would lie in, which is missing too. */
  | { readonly kind: 'missing'; readonly near: string | null; readonly noDirectory: string | null }
  /** Files that match now, of those that were looked at. `wanted` is the least that will do; none may be there when it is 0. */
  | {
      readonly kind: 'files'
      readonly files: Some<string>
      readonly wanted: number
      readonly searched: number
    }
  /** These differ from the start. */
  | { readonly kind: 'changed'; readonly paths: Some<string> }
  /** These differ, but only because a gate wrote them. */
  | { readonly kind: 'by-gates'; readonly paths: Some<string> }
  /** Git ignored these at the start, so nobody knows what they were. */
  | { readonly kind: 'not-recorded'; readonly paths: Some<string> }
  /** Nothing that was asked for differs. `there`: what stands at the path now; null where nothing does, and of a glob. */
  | { readonly kind: 'not-changed'; readonly there: PathType | null; readonly elsewhere: Some<string> }
  /** Everything is as it was; of `unknown` that cannot be said. */
  | { readonly kind: 'kept'; readonly unknown: Some<string> }
  /** These differ and must not. */
  | { readonly kind: 'not-kept'; readonly changes: Some<Change> }
  /** A link on the way to what must not differ does. */
  | { readonly kind: 'link-changed'; readonly link: Change }
  /** The path leads out of the repository, where nothing is looked at. */
  | { readonly kind: 'leads-out'; readonly links: Some<string> }
  | { readonly kind: 'match' }
  | { readonly kind: 'no-match'; readonly lines: number }
  | { readonly kind: 'unreadable'; readonly why: Unreadable }

export type Found =
  | Seen
  /** Seen at `to`, where the links on the way lead. */
  | {
      readonly kind: 'through'
      readonly links: Some<string>
      readonly to: string
      readonly seen: Seen
    }
  /** As a release before 0.4 wrote it down. */
  | { readonly kind: 'recorded'; readonly text: string }

/** One piece of evidence, looked at. */
export interface EvidenceFact {
  readonly taskId: string
  readonly index: number
  readonly met: boolean
  readonly found: Found
}

/** More are not kept: a ledger grows with every stop, and nobody reads them. */
const MOST = 5

export function some<T>(all: readonly T[]): Some<T> {
  return { some: all.slice(0, MOST), more: Math.max(0, all.length - MOST) }
}
