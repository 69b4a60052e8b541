import type { PrepareStep } from '../../contract/types.ts'
import { installerCall } from './installers.ts'
import { namedBy, namedIn } from './named.ts'
import { decidesLayer } from './names.ts'
import type { TreeFiles } from './tree-files.ts'

/**
 * What of a tree decides the layer that `prepare` makes: these files (relative to the root, sorted), or all of it, so that
 * the layer is of one tree alone. The steps themselves and the versions of their programs decide besides.
 */
export type PrepareInputs =
  | { readonly kind: 'files'; readonly files: readonly string[] }
  | {
      readonly kind: 'tree'
      /** `unknown-program`: nobody knows what it reads. `own-code`: it runs, compiles or copies the project's own files. */
      readonly why: 'unknown-program' | 'own-code'
      /** Index of the step. */
      readonly step: number
      /** What says so; null for a program. */
      readonly file: string | null
    }

/**
 * Pure. A layer may be used again while these files are the same: a source that is edited makes no new one, and linked members of a
 * workspace count by their manifest. Packages that are named by their path (`file:`) count by all their files.
 */
export function prepareInputs(steps: readonly PrepareStep[], tree: TreeFiles): PrepareInputs {
  const found = new Set([...tree.paths].filter(decidesLayer))
  for (const [step, { argv, cwd }] of steps.entries()) {
    const call = installerCall(argv, cwd, tree)
    if (call === null) return { kind: 'tree', why: 'unknown-program', step, file: null }
    const named = namedBy(call.words, cwd, tree)
    const file = call.ownCode?.(tree, cwd, call.words) ?? named.built
    if (file !== null) return { kind: 'tree', why: 'own-code', step, file }
    for (const one of named.files) found.add(one)
  }
  // What is added on the way is looked at too.
  for (const file of found) for (const one of namedIn(file, tree)) found.add(one)
  return { kind: 'files', files: [...found].sort() }
}
