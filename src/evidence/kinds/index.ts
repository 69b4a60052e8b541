import type { KindCheck, PathKind } from './check.ts'
import { fileMatches } from './file-matches.ts'
import { pathAbsent } from './path-absent.ts'
import { pathChanged, pathUnchanged } from './path-changed.ts'
import { pathExists } from './path-exists.ts'

/** What every kind of evidence means; how it is written stands in contract/evidence-kinds.ts. */
const checks: { readonly [K in PathKind]: KindCheck<K> } = {
  pathExists,
  pathAbsent,
  pathChanged,
  pathUnchanged,
  fileMatches,
}

export function checkOf<K extends PathKind>(kind: K): KindCheck<K> {
  return checks[kind]
}
