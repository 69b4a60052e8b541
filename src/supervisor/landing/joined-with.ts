import { type Result, ok } from '../../base/result.ts'
import { commitTree, setRef } from '../../workspace/trees/commit.ts'
import { gitObjects } from '../../workspace/trees/git.ts'
import { join } from '../../workspace/trees/join.ts'
import { mergeBase } from '../../workspace/trees/merge-base.ts'
import { refAt } from '../../workspace/trees/own.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import { refs } from '../batch/paths.ts'
import { checkCommit } from '../judge/check-commit.ts'
import type { Ground } from '../world.ts'

export type Joining =
  /** The commit that the target is to become. `joined`: it was made and judged here; else it is the work as it was judged. */
  | { readonly kind: 'commit'; readonly commit: string; readonly joined: boolean }
  /** The target holds all of the work. */
  | { readonly kind: 'already' }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] }
  /** Gates of the final profile that do not pass on both together. */
  | { readonly kind: 'red'; readonly red: readonly string[] }

/**
 * The work together with where the target is: as it is where it holds that already, else both joined and judged like any tree.
 * `theirs` is in our repository. Codes: those of trees and of checkCommit.
 */
export async function joinedWith(
  ground: Ground,
  theirs: string,
  work: string,
  target: string,
): Promise<Result<Joining>> {
  const { own } = ground
  const base = await mergeBase(own, theirs, work)
  if (!base.ok) return base
  if (base.value === theirs) return ok({ kind: 'commit', commit: work, joined: false })
  if (base.value === work) return ok({ kind: 'already' })
  const joined = await join(own, theirs, work, base.value)
  if (!joined.ok) return joined
  if (joined.value.kind === 'conflict')
    return ok({ kind: 'conflict', paths: joined.value.paths.map((one) => one.path) })
  const { tree } = joined.value
  const had = await treeOf(own, theirs)
  if (!had.ok) return had
  // It came there in another way, such as a squash.
  if (had.value === tree) return ok({ kind: 'already' })
  const commit = await landingCommit(ground, tree, [theirs, work], target)
  if (!commit.ok) return commit
  const checked = await checkCommit(ground, 'head', commit.value)
  if (!checked.ok) return checked
  const red = [...checked.value.red, ...checked.value.couldNotRun]
  return ok(red.length === 0 ? { kind: 'commit', commit: commit.value, joined: true } : { kind: 'red', red })
}

/** The same commit again where the last landing joined the same. */
async function landingCommit(
  { own, opened, context }: Ground,
  tree: string,
  parents: readonly [string, string],
  target: string,
): Promise<Result<string>> {
  const ref = refs.landing(opened.batch)
  const before = await refAt(own, ref)
  if (!before.ok) return before
  if (before.value !== null) {
    const known = await gitObjects(own, {
      args: ['rev-parse', `${before.value}^@`, `${before.value}^{tree}`],
    })
    if (!known.ok) return known
    if (known.value.toString('latin1').trim() === [...parents, tree].join('\n')) return ok(before.value)
  }
  const commit = await commitTree(own, {
    tree,
    parents,
    message: `Land batch ${opened.batch} on ${target}\n\nAutonomous-Loop-Batch: ${opened.batch}\n`,
    identity: opened.identity,
    at: context.clock(),
  })
  if (!commit.ok) return commit
  const kept = await setRef(own, ref, commit.value)
  return kept.ok ? commit : kept
}

async function treeOf(own: OwnRepository, commit: string): Promise<Result<string>> {
  const asked = await gitObjects(own, { args: ['rev-parse', `${commit}^{tree}`] })
  return asked.ok ? ok(asked.value.toString('latin1').trim()) : asked
}
