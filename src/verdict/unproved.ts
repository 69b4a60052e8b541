import type { Sha256 } from '../base/hash.ts'
import type { DefinitionChange } from '../definition/drift.ts'
import type { CommandRecord } from '../gates/command-record.ts'

/** What differs from the start and could give the gates another meaning, though they all passed. */
export type Unproved =
  /** The start held no source, so nothing tells work from definition. */
  | { readonly kind: 'greenfield' }
  | {
      readonly kind: 'definition'
      readonly changes: readonly DefinitionChange[]
      /** What there is at each of these paths, as a comparison tells it. */
      readonly states: Readonly<Record<string, string>>
      /** What a person names in `amend <digest>` to accept exactly this. */
      readonly digest: Sha256
      readonly look: SecondLook
    }

/** How the same gates go on the same work with these paths as at the start. */
export type SecondLook =
  | { readonly kind: 'passed' | 'failed'; readonly commands: readonly CommandRecord[] }
  | { readonly kind: 'not-possible'; readonly why: string }

/** Only a person can say whether this is wanted: the work passes with its own definition and not with the start's. */
export function asksPerson(
  unproved: Unproved | undefined,
): unproved is Extract<Unproved, { kind: 'definition' }> {
  return unproved?.kind === 'definition' && unproved.look.kind !== 'passed'
}

/** The paths of it; empty when there is nothing. */
export function unprovedPaths(
  last: { readonly unproved?: Unproved | null | undefined } | null,
): readonly string[] {
  return last?.unproved?.kind === 'definition' ? Object.keys(last.unproved.states) : []
}
