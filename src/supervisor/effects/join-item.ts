import { type Result, ok } from '../../base/result.ts'
import { commitTree, setRef } from '../../workspace/trees/commit.ts'
import { join } from '../../workspace/trees/join.ts'
import { mergeBase } from '../../workspace/trees/merge-base.ts'
import { hasMarks } from '../../workspace/trees/marked-files.ts'
import { isAncestor } from '../../workspace/trees/own.ts'
import { textsAt } from '../../workspace/trees/texts-at.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import { refs } from '../batch/paths.ts'
import type { Finding, Joins } from '../record/events.ts'
import type { AttemptState } from '../record/state.ts'
import type { World } from '../world.ts'

/** What is judged as the start of a join: all of both sides, with the marks that were to be resolved. */
export type JoinStart =
  | { readonly kind: 'start'; readonly commit: string }
  /** The head holds the target's commit by now. */
  | { readonly kind: 'held' }
  /** Others changed the very lines, or the head holds a part of the target: another item has to be made. */
  | { readonly kind: 'apart' }

/**
 * The marked commit as it is where the head did not move, else joined with what others finished meanwhile: the work of the target is
 * no change of this attempt. The same for the same head. Codes: those of trees.
 */
export async function startOf(
  { own, opened, ledger }: World,
  { item, at }: AttemptState,
  { head: from, target, marked }: Joins,
): Promise<Result<JoinStart>> {
  const { head } = ledger.state()
  if (head === from) return ok({ kind: 'start', commit: marked })
  const isHeld = await isAncestor(own, target, head)
  if (!isHeld.ok) return isHeld
  if (isHeld.value) return ok({ kind: 'held' })
  const meeting = await mergeBase(own, head, marked)
  if (!meeting.ok) return meeting.error.code === 'could-not-join' ? ok({ kind: 'apart' }) : meeting
  if (meeting.value !== from) return ok({ kind: 'apart' })
  const joined = await join(own, head, marked, from)
  if (!joined.ok) return joined
  if (joined.value.kind === 'conflict') return ok({ kind: 'apart' })
  const commit = await commitTree(own, {
    tree: joined.value.tree,
    parents: [head, target],
    message: `start of a join at ${item}`,
    identity: opened.identity,
    at,
  })
  if (!commit.ok) return commit
  const kept = await setRef(own, refs.joining(opened.batch, item, 'start'), commit.value)
  return kept.ok ? ok({ kind: 'start', commit: commit.value }) : kept
}

/** Files in which marks are left that neither side has by itself. Codes: those of git. */
export async function leftMarks(
  own: OwnRepository,
  joins: Joins | undefined,
  tree: string,
): Promise<Result<readonly Finding[]>> {
  if (joins === undefined) return ok([])
  const { paths, head, target } = joins
  const sides: (readonly (string | null)[])[] = []
  for (const commit of [tree, head, target]) {
    const texts = await textsAt(own, commit, paths)
    if (!texts.ok) return texts
    sides.push(texts.value)
  }
  const [now = [], ...before] = sides
  return ok(
    paths.flatMap((path, nth): Finding[] =>
      hasMarks(
        now[nth] ?? '',
        before.map((side) => side[nth] ?? ''),
      )
        ? [{ kind: 'conflict-marks', path }]
        : [],
    ),
  )
}
