import { type Result, fail, ok } from '../../base/result.ts'
import { splitNames } from '../../evidence/git/parse.ts'
import { differencesOf } from './differences.ts'
import { gitIn } from './git.ts'
import { copyIndex } from './land-files.ts'
import { untrackedAmong } from './in-the-way.ts'
import type { Journal, LandTree } from './land-journal.ts'
import type { OwnRepository } from './types.ts'

/**
 * Whether the files of a work tree can move: nothing is staged, no tracked file differs, nothing untracked stands where a file
 * would come. Looks with a copy of the index in `index`, and gives the bytes of the person's. Codes: land-refused, with the paths.
 */
export async function checkTree(
  own: OwnRepository,
  tree: LandTree,
  { expected, head, target }: Pick<Journal, 'expected' | 'head' | 'target'>,
  index: string,
): Promise<Result<string>> {
  if (!copyIndex(tree, index))
    return fail('land-refused', `${tree.top} has ${target} checked out and no index`)
  const place = { dir: tree.top, index }
  const names = async (
    args: readonly string[],
    accept: readonly number[] = [],
  ): Promise<Result<string[]>> => {
    const said = await gitIn(own, place, { args, accept })
    return said.ok ? ok(splitNames(said.value)) : fail('land-refused', `${tree.top}: ${said.error.message}`)
  }
  const flags = await names(['ls-files', '-z', '-v'])
  if (!flags.ok) return flags
  const hidden = flags.value.filter((one) => /^[a-zS]/.test(one)).map((one) => one.slice(2))
  if (hidden.length > 0)
    return refuse(
      tree,
      target,
      hidden,
      'git is told not to look at (sparse checkout, skip-worktree or assume-unchanged)',
    )
  const refreshed = await names(['update-index', '-q', '--ignore-submodules', '--refresh'], [1])
  if (!refreshed.ok) return refreshed
  const staged = await names(['diff-index', '--cached', '-z', '--name-only', '--ignore-submodules', expected])
  if (!staged.ok) return staged
  if (staged.value.length > 0) return refuse(tree, target, staged.value, 'staged and not committed')
  const dirty = await names(['diff-files', '-z', '--name-only', '--ignore-submodules'])
  if (!dirty.ok) return dirty
  if (dirty.value.length > 0) return refuse(tree, target, dirty.value, 'changed and not committed')
  const differs = await differencesOf(own, expected, head)
  if (!differs.ok) return differs
  const come = differs.value.flatMap(({ path: one, before }) => (before === null ? [one] : []))
  const inTheWay = untrackedAmong(tree.top, come, new Set(flags.value.map((one) => one.slice(2))))
  if (inTheWay.length > 0) return refuse(tree, target, inTheWay, 'untracked where a file would come')
  const tried = await gitIn(own, place, { args: ['read-tree', '-n', '-m', '-u', expected, head] })
  return tried.ok ? ok(index) : fail('land-refused', `${tree.top}: ${tried.error.message}`)
}

function refuse({ top }: LandTree, target: string, paths: readonly string[], what: string): Result<never> {
  const some = paths.slice(0, 5).join(', ') + (paths.length > 5 ? ` and ${paths.length - 5} more` : '')
  return fail('land-refused', `${target} is checked out in ${top}, with paths that are ${what}: ${some}`)
}
