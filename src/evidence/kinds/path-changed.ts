import type { EvidenceOf } from '../../contract/types.ts'
import { compileNamed } from '../glob.ts'
import { some } from '../found.ts'
import type { NamedPath } from '../types.ts'
import { type KindCheck, type Looked, type Sight, either } from './check.ts'
import { typeAt } from './matches.ts'
import { nearChange } from './near.ts'

/**
 * At least one matching path was added, removed or has other content, type or permission than at the start, and not by a
 * gate alone.
 */
export const pathChanged: KindCheck<'pathChanged'> = {
  now: changedNow,
  followed: either,
  unmetAt: async () => true,
  ofLinks: false,
  mustStay: false,
  keeps: false,
  workOnly: true,
}

/** No matching path differs from the start. */
export const pathUnchanged: KindCheck<'pathUnchanged'> = {
  now: unchangedNow,
  followed({ literal, there, moved }) {
    if (moved) return { met: false, found: { kind: 'link-changed', link: moved } }
    return literal.met && there !== null ? there : literal
  },
  unmetAt: async () => false,
  ofLinks: false,
  mustStay: true,
  keeps: true,
  workOnly: false,
}

function changedNow(evidence: EvidenceOf<'pathChanged'>, looked: Looked): Sight {
  const { comparison, root, byGates } = looked
  const matches = compileNamed(named(evidence))
  const changed = comparison.changes.map((change) => change.path).filter(matches)
  const work = changed.filter((path) => !byGates?.has(path))
  if (work.length > 0) return { met: true, found: { kind: 'changed', paths: some(work) } }
  if (changed.length > 0) return { met: false, found: { kind: 'by-gates', paths: some(changed) } }
  const unknown = comparison.unknown.filter(matches)
  if (unknown.length > 0) return { met: false, found: { kind: 'not-recorded', paths: some(unknown) } }
  return {
    met: false,
    found: {
      kind: 'not-changed',
      there: evidence.path === undefined ? null : typeAt(root, evidence.path),
      elsewhere: some(nearChange(evidence.path ?? evidence.glob ?? '', comparison.changes)),
    },
  }
}

function unchangedNow(evidence: EvidenceOf<'pathUnchanged'>, { comparison }: Looked): Sight {
  const matches = compileNamed(named(evidence))
  const changes = comparison.changes.filter((change) => matches(change.path))
  return changes.length === 0
    ? { met: true, found: { kind: 'kept', unknown: some(comparison.unknown.filter(matches)) } }
    : { met: false, found: { kind: 'not-kept', changes: some(changes) } }
}

function named(evidence: EvidenceOf<'pathChanged' | 'pathUnchanged'>): NamedPath {
  return evidence.path === undefined ? { glob: evidence.glob ?? '' } : { path: evidence.path }
}
