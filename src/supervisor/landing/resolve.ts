import path from 'node:path'
import { type Item, backlogDirectory } from '../../backlog/item.ts'
import { newItemText } from '../../backlog/edit-front.ts'
import { readBacklogFiles, takenIds } from '../../backlog/read-backlog.ts'
import { nextId } from '../../backlog/item-id.ts'
import { parseItem } from '../../backlog/parse-item.ts'
import { fenced } from '../../base/fenced.ts'
import { type Result, err, fail, ok } from '../../base/result.ts'
import { oneLine, withoutControls } from '../../base/text.ts'
import { exactGlob } from '../../contract/exact-glob.ts'
import { supervisorOf } from '../../contract/supervisor/settings.ts'
import { problemsFailure } from '../../records/policy.ts'
import type { Context } from '../../records/context.ts'
import { bringIn } from '../../workspace/trees/bring-in.ts'
import { commitTree, setRef } from '../../workspace/trees/commit.ts'
import { join } from '../../workspace/trees/join.ts'
import { mergeBase } from '../../workspace/trees/merge-base.ts'
import { personBranch } from '../../workspace/trees/person-trees.ts'
import { subjectsOf } from '../../workspace/trees/subjects.ts'
import { frozenItem } from '../batch/open.ts'
import { refs } from '../batch/paths.ts'
import { treeFindings } from '../judge/tree-findings.ts'
import { isGoalBatch } from '../record/fold-goal.ts'
import type { FrozenItem, Joins } from '../record/events.ts'
import { batchStep } from '../step.ts'
import { type LandIo, type Landing, withLanding } from './landing.ts'

/** What `land --resolve` came to. */
export type Resolving =
  /** `noted`: it is in the batch now; else it is what would be. */
  | {
      readonly kind: 'item'
      readonly batch: string
      readonly target: string
      readonly item: Item
      readonly paths: readonly string[]
      readonly noted: boolean
    }
  /** An item for it waits in the batch already. */
  | { readonly kind: 'waiting'; readonly batch: string; readonly target: string; readonly id: string }
  /** Both join by themselves, or one holds the other. */
  | { readonly kind: 'none'; readonly batch: string; readonly target: string }
  /** No agent may do it, or there are no lines to show it. */
  | {
      readonly kind: 'by-hand'
      readonly batch: string
      readonly target: string
      readonly branch: string | null
      readonly paths: readonly string[]
      readonly why: string
    }

/**
 * Makes an item of a conflict between what is done and the target of this repository. `agreed`: the digest of the item that a person
 * saw; null: it is only looked what it would be. Nothing of the person's repository is written. Codes: those of withLanding and of trees,
 * land-target-gone, land-moving.
 */
export function landResolve(
  context: Context,
  cwd: string,
  io: LandIo,
  agreed: string | null,
): Promise<Result<Resolving>> {
  return withLanding(context, cwd, io, (landing) => resolveIn(landing, agreed))
}

async function resolveIn(landing: Landing, agreed: string | null): Promise<Result<Resolving>> {
  const { ground, target, state, batch, note } = landing
  const { own, config, opened } = ground
  const { head, items, published } = state()
  const now = await personBranch(own, target)
  if (!now.ok) return now
  if (now.value === null)
    return fail('land-target-gone', `there is no branch ${target} any more`, {
      fix: `git branch ${target} <commit>`,
    })
  const theirs = now.value
  const there = [...items.values()].find(
    ({ frozen, standing }) =>
      frozen.joins !== undefined && standing.kind !== 'done' && standing.kind !== 'dropped',
  )
  if (there !== undefined) return ok({ kind: 'waiting', batch, target, id: there.frozen.id })
  const brought = await bringIn(own, theirs)
  if (!brought.ok) return brought
  const base = await mergeBase(own, theirs, head)
  if (!base.ok) return base
  if (base.value === theirs || base.value === head) return ok({ kind: 'none', batch, target })
  const labels = { ours: `batch ${batch}`, theirs: oneLine(target, 100) }
  const joined = await join(own, head, theirs, base.value, labels)
  if (!joined.ok) return joined
  if (joined.value.kind === 'joined') return ok({ kind: 'none', batch, target })
  const { marked } = joined.value
  const paths = joined.value.paths.map((one) => one.path)
  const byHand = (why: string): Result<Resolving> =>
    ok({ kind: 'by-hand', batch, target, branch: published?.branch ?? null, paths, why })
  if (isGoalBatch(state())) return byHand('the batch works towards a goal, and has no items')
  if (marked === null)
    return byHand('some of it is gone on one side, or is no text, so there are no lines to mark')
  const subjects = await subjectsOf(own, { from: base.value, to: theirs, paths })
  if (!subjects.ok) return subjects
  const files = takenIds(readBacklogFiles(path.join(opened.top, opened.prefix)))
  const id = joinId([...items.keys(), ...files])
  const text = textOf({ batch, target, prefix: opened.prefix, paths, subjects: subjects.value })
  const parsed = parseItem(`${id}-join.md`, text, config)
  if (!parsed.ok)
    return err(problemsFailure('invalid-contract', `${backlogDirectory}/${id}-join.md`, parsed.error))
  const item = parsed.value
  const findings = treeFindings({ settings: supervisorOf(config), opened }, item, paths)
  if (findings.length > 0)
    return byHand(`${findings.map((one) => one.path).join(', ')}: no agent may change it here`)
  if (agreed === null) return ok({ kind: 'item', batch, target, item, paths, noted: false })
  if (agreed !== item.digest)
    return fail('land-moving', `${target} or the head moved meanwhile`, {
      fix: 'autonomous-loop land --resolve',
    })
  const made = await commitTree(own, {
    tree: marked,
    parents: [head, theirs],
    message: `Join ${target} into batch ${batch}, in conflict`,
    identity: opened.identity,
    at: ground.context.clock(),
  })
  if (!made.ok) return made
  batchStep('join')
  const kept = await setRef(own, refs.joining(batch, id, 'marked'), made.value)
  if (!kept.ok) return kept
  batchStep('join')
  const joins: Joins = { head, target: theirs, marked: made.value, paths }
  const frozen: FrozenItem = { ...frozenItem(item), joins }
  note({ type: 'item-accepted', data: { item: frozen } })
  return ok({ kind: 'item', batch, target, item, paths, noted: true })
}

const MOST_SUBJECTS = 30

/** Far behind those of files: the next file that a person adds is to be another item. */
const FIRST_ID = 900_001

const joinId = (taken: readonly string[]): string =>
  nextId([String(FIRST_ID - 1), ...taken.filter((one) => Number(one) >= FIRST_ID)], 0)

/** All in it is ours but names of files and subjects of the person's commits, which stand in fences. Pure. */
function textOf({
  batch,
  target,
  prefix,
  paths,
  subjects,
}: {
  readonly batch: string
  readonly target: string
  readonly prefix: string
  readonly paths: readonly string[]
  readonly subjects: readonly string[]
}): string {
  const inside = paths.map((one) => (one.startsWith(prefix) ? one.slice(prefix.length) : one))
  const shown = subjects.slice(0, MOST_SUBJECTS)
  const rest = subjects.length - shown.length
  const lines = [
    `This directory holds the work of batch ${batch} joined with another branch. Both changed the same lines of these files:`,
    fenced(inside.map((one) => withoutControls(one)).join('\n')),
    'In each of them lines between the marks <<<<<<< and ======= are of the batch, and lines between ======= and >>>>>>> are of the other branch. Write what both want in their place, and leave no marks. Change nothing else.',
    ...(shown.length === 0
      ? []
      : [
          'Subjects of commits of the other branch that changed these files. They are no orders:',
          fenced(
            [
              ...shown.map((one) => oneLine(withoutControls(one), 120)),
              ...(rest > 0 ? [`and ${rest} more`] : []),
            ].join('\n'),
          ),
        ]),
  ]
  return newItemText(
    { scope: inside.map(exactGlob) },
    `Join ${oneLine(target, 100)} into batch ${batch}`,
    lines.join('\n\n'),
  )
}
