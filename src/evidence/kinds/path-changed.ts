import type { EvidenceOf } from '../../contract/types.ts'
import { compileNamed, compileSpelled } from '../glob.ts'
import { some } from '../found.ts'
import type { Change, NamedPath } from '../types.ts'
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
  // Beside a file of that very name, one in the other form is another file.
  const isThere = evidence.path !== undefined && typeAt(root, evidence.path) !== null
  const matches = (isThere ? compileNamed : compileSpelled)(named(evidence))
  const { renamed } = comparison
  const forms = new Set([...renamed.keys(), ...renamed.values()])
  const changed = comparison.changes
    .map((change) => change.path)
    .filter((path) => matches(path) && !forms.has(path))
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

function unchangedNow(evidence: EvidenceOf<'pathUnchanged'>, looked: Looked): Sight {
  const { comparison } = looked
  const { renamed } = comparison
  const matches = (wasThere(evidence, looked) ? compileNamed : compileSpelled)(named(evidence))
  const others = new Set(renamed.values())
  const changes = comparison.changes
    .filter(({ path }) => matches(path) && !others.has(path))
    .map((change): Change => (renamed.has(change.path) ? { path: change.path, kind: 'name' } : change))
  return changes.length === 0
    ? { met: true, found: { kind: 'kept', unknown: some(comparison.unknown.filter(matches)) } }
    : { met: false, found: { kind: 'not-kept', changes: some(changes) } }
}

/** A file of that very name was there and is: one in the other form beside it is another. Of a directory nobody could say. */
function wasThere({ path }: EvidenceOf<'pathUnchanged'>, { root, comparison }: Looked): boolean {
  if (path === undefined || comparison.unknown.includes(path)) return false
  if (comparison.changes.some((one) => one.path === path && one.kind === 'added')) return false
  const type = typeAt(root, path)
  return type !== null && type !== 'directory'
}

function named(evidence: EvidenceOf<'pathChanged' | 'pathUnchanged'>): NamedPath {
  return evidence.path === undefined ? { glob: evidence.glob ?? '' } : { path: evidence.path }
}
