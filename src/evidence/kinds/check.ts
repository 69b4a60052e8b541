import type { EvidenceKind, EvidenceOf } from '../../contract/types.ts'
import type { Found, Seen } from '../found.ts'
import type { Change, Comparison } from '../types.ts'

/** Kinds that are looked at in the workspace; the others are a gate's. */
export type PathKind = Exclude<EvidenceKind, 'commandRef'>
export type PathEvidence = EvidenceOf<PathKind>

/** What is looked at. */
export interface Looked {
  readonly root: string
  readonly comparison: Comparison
  /** Changes that gates made and nobody since. */
  readonly byGates?: ReadonlySet<string>
}

/** Met or not, and what was found. */
export interface Checked {
  readonly met: boolean
  readonly found: Found
}

/** The same of one name, without following links. */
export interface Sight extends Checked {
  readonly found: Seen
}

/** The same evidence seen by its own path and where linked directories lead. */
export interface LinkedCheck {
  readonly literal: Sight
  /** By the place the links lead to; null when that is outside the repository. */
  readonly there: Checked | null
  /** The links on the way. */
  readonly links: readonly string[]
  /** A link on the way that differs from the start. */
  readonly moved: Change | undefined
}

/** What the baseline knows of the start. */
export interface Start {
  /** Files that a path (itself or below it) or glob matched; null when it cannot be known. */
  count(wanted: { readonly path?: string; readonly glob?: string }): Promise<Count | null>
  /** Content of a file; null when there was none. */
  content(path: string): Promise<Buffer | null | 'unknown'>
}

export interface Count {
  readonly known: number
  /** What matches now may have been there as well. */
  readonly more: boolean
}

/** What a kind of evidence means. */
export interface KindCheck<K extends PathKind> {
  now(evidence: EvidenceOf<K>, looked: Looked): Sight
  /** Which finding counts when linked directories stand on the way. */
  followed(found: LinkedCheck): Checked
  /**
   * Whether it would have failed at the start, that is whether meeting it takes work. What cannot be known counts as
   * "already met", which is the stricter answer for an agent that wants to replace an obligation.
   */
  unmetAt(start: Start, evidence: EvidenceOf<K>): Promise<boolean>
  /** Is it about a link itself when the path names one, or about what the link leads to? */
  readonly ofLinks: boolean
  /** What it names must not change, so ignore rules that were added since the start hide nothing there. */
  readonly mustStay: boolean
  /** It asks for nothing but that something stays as it is, so where nothing was it protects nothing. */
  readonly keeps: boolean
  /** What only a gate wrote does not meet it, so what gates leave has to be told apart. */
  readonly workOnly: boolean
}

/** Met by either name. */
export function either({ literal, there }: LinkedCheck): Checked {
  return literal.met || there === null ? literal : there
}
