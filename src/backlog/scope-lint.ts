import { withoutControls } from '../base/text.ts'
import { show, where } from '../contract/problem.ts'
import { readScopeEntry } from '../contract/scope.ts'
import type { Problem } from '../contract/types.ts'
import { compileGlob } from '../evidence/glob.ts'
import { protectionOf } from './protected-paths.ts'

/** Paths that no entry has in mind: one that matches any of them says nothing about what may change. */
const ANYTHING = ['zq7x', '.zq7x', 'zq7x.j9', 'zq7x/wv2k', 'zq7x/wv2k.j9', 'zq7x/wv2k/yu3p.j9'].map(
  (path) => [path, path.toUpperCase()],
)

/** What is wrong with an entry that is well formed; null when nothing is. Pure. */
export function scopeEntryProblem(entry: string, index: number): Problem | null {
  const { glob, path } = readScopeEntry(entry)
  const problem = (allowed: string, example: string): Problem => ({
    path: where('scope', [index]),
    found: show(entry),
    allowed,
    example,
  })
  // Whoever is asked about a scope reads it on a terminal.
  if (withoutControls(entry) !== entry || /[\t\n\u2028\u2029]/.test(entry))
    return problem('an entry without line feeds, controls and marks that nobody sees', 'src/**')
  const matches = path === null ? compileGlob(glob) : null
  if (matches !== null && ANYTHING.flat().some((one) => matches(one)))
    return problem('files or directories with a name: this entry leaves the whole repository open', 'src/**')
  // Whatever it matches lies there.
  return protectionOf(glob)?.kind === 'own'
    ? problem('nothing below .codex: no agent of a batch may change it', 'src/**')
    : null
}
