import type { EvidenceOf } from '../../contract/types.ts'
import { compileNamed } from '../glob.ts'
import { showPath } from '../path-text.ts'
import type { NamedPath } from '../types.ts'
import { type Finding, type KindCheck, type Looked, either } from './check.ts'
import { typeAt } from './matches.ts'
import { nearChange } from './near.ts'
import { count, some, target } from './words.ts'

/** Otherwise `git status` would seem to say the contrary. */
const hiddenWords = '; ignored only by a rule that is newer than the start'

type Either = EvidenceOf<'pathChanged' | 'pathUnchanged'>

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
  workOnly: true,
}

/** No matching path differs from the start. */
export const pathUnchanged: KindCheck<'pathUnchanged'> = {
  now: unchangedNow,
  followed({ literal, there, moved }) {
    if (moved)
      return {
        met: false,
        detail: `${literal.detail}, but ${showPath(moved.path)}, a link on the way, differs`,
      }
    return literal.met && there !== null ? there : literal
  },
  unmetAt: async () => false,
  ofLinks: false,
  mustStay: true,
  workOnly: false,
}

function changedNow(evidence: EvidenceOf<'pathChanged'>, looked: Looked): Finding {
  const what = `pathChanged ${target(evidence)}`
  const changed = changedPaths(evidence, looked)
  const work = changed.filter((path) => !looked.byGates?.has(path))
  if (work.length) return { met: true, detail: `${what}: ${some(work)}` }
  if (changed.length)
    return {
      met: false,
      detail: `${what}: only a gate wrote ${some(changed)}, which is nobody's work; if it is to count, make it yourself`,
    }
  const { comparison, root } = looked
  const matches = compileNamed(named(evidence))
  const unknown = comparison.unknown.filter(matches)
  if (unknown.length)
    return {
      met: false,
      detail: `${what}: ${evidence.path === undefined ? 'no matching file that was recorded differs from the start; ' : ''}${some(unknown)} was ignored by git and not recorded at the start, so a change cannot be seen`,
    }
  const there = evidence.path === undefined ? null : typeAt(root, evidence.path)
  const found =
    evidence.path === undefined
      ? 'no matching file differs from the start'
      : there === null
        ? 'nothing is there, as at the start'
        : `the ${there} is as it was at the start`
  return { met: false, detail: `${what}: ${found}; ${elsewhere(evidence, looked)}` }
}

function unchangedNow(evidence: EvidenceOf<'pathUnchanged'>, looked: Looked): Finding {
  const what = `pathUnchanged ${target(evidence)}`
  const matches = compileNamed(named(evidence))
  const changed = looked.comparison.changes.filter((change) => matches(change.path))
  const unknown = looked.comparison.unknown.filter(matches)
  const but = unknown.length === 0 ? '' : `, but ${some(unknown)} was ignored by git and not recorded then`
  return changed.length === 0
    ? { met: true, detail: `${what}: nothing differs from the start${but}` }
    : {
        met: false,
        detail: `${what}: ${some(changed.map((change) => `${showPath(change.path)} (${change.kind}${change.hidden ? hiddenWords : ''})`))} must be as at the start`,
      }
}

function changedPaths(evidence: Either, { comparison }: Looked): string[] {
  const matches = compileNamed(named(evidence))
  return comparison.changes.filter((change) => matches(change.path)).map((change) => change.path)
}

function named(evidence: Either): NamedPath {
  return evidence.path === undefined ? { glob: evidence.glob ?? '' } : { path: evidence.path }
}

function elsewhere(evidence: Either, { comparison }: Looked): string {
  const { changes } = comparison
  if (changes.length === 0) return 'nothing else in the workspace does either'
  const near = nearChange(evidence.path ?? evidence.glob ?? '', changes)
  return `${count(changes.length, 'file')} changed elsewhere: ${some(near)}`
}
