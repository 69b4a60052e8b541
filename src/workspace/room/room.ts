import path from 'node:path'
import { removeOwned } from '../../base/owned-directory.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { repoOf } from '../../evidence/baseline.ts'
import type { WorkFiles } from '../../evidence/present.ts'
import type { EvidenceOptions, GitBaseline } from '../../evidence/types.ts'
import { asAtStart } from './as-at-start.ts'
import { type Entering, type Made, type Making, makeOrRenew, treeOf } from './make-room.ts'
import { otherWorktrees } from './masked.ts'
import { restoredMark, withoutBelow } from './restore.ts'
import { heldAtStart, workNow } from './room-work.ts'

/** A tree of ours with the start and what differs from it, and nothing that git ignores. */
export interface Room {
  /** Where it lies. Shown to gates as `top`. */
  readonly dir: string
  /** Top of the work tree that it stands for, absolute; the root itself where there is no git. */
  readonly top: string
  /** Where the root lies below both: '' or `packages/a/`. */
  readonly prefix: string
  /** Relative to the root. */
  readonly files: WorkFiles
  /** Links of the work that lead out of the tree, which it does not have; relative to the root. */
  readonly leftOut: readonly string[]
  /** What gates are not to see: other places where an agent may have been at work. */
  readonly masked: readonly string[]
}

export type Entered =
  | { readonly kind: 'ready'; readonly room: Room }
  /** These changed since they were looked at; relative to the root. */
  | { readonly kind: 'moved'; readonly paths: readonly string[] }

/**
 * Makes the room of a run, or makes of the one that is there what the look saw. Only the root's differences are known, so one of
 * a part of a repository is made anew. Codes: room-disk, those of makeRepository and of git.
 */
export async function enterRoom(entering: Entering, options: EvidenceOptions): Promise<Result<Entered>> {
  const { root, baselines } = entering
  const repo = await repoOf(root, options)
  if (!repo.ok) return repo
  const base = baselines.findLast((one): one is GitBaseline => one.kind === 'git')
  if (base !== undefined && repo.value === null)
    return fail('git-gone', `${root} was a git repository at the start and is not one now`, {
      fix: 'restore .git, or let the run go with: autonomous-loop waive',
    })
  const source = repo.value !== null && base !== undefined ? { repo: repo.value, base } : null
  const prefix = source?.repo.prefix ?? ''
  const held = await heldAtStart(root, baselines, source, options)
  if (!held.ok) return held
  const worked = await workNow(entering.root, entering.look.comparison, source, held.value, options)
  if (!worked.ok) return worked
  const top = source?.repo.top ?? root
  const isOfStart = asAtStart({ prefix, commit: base?.commit ?? null, baselines }, worked.value)
  const restored = withoutBelow(
    new Map([...(entering.restored ?? [])].map(([file, was]) => [path.posix.join(prefix, file), was])),
    worked.value.keys(),
  )
  const state = new Map(worked.value)
  for (const [name, was] of restored) state.set(name, restoredMark(was))
  const ours: Making = { entering, source, top, held: held.value, state, restored, isOfStart, options }
  let made: Result<Made>
  try {
    made = await makeOrRenew(ours)
    if (!made.ok) return made
  } catch (error) {
    // Half a room would keep a full disk full.
    removeOwned(treeOf(entering.place))
    return fail(
      'room-disk',
      `the clean room in ${entering.place} could not be written: ${systemWords(error)}`,
      {
        fix: `df ${entering.place}   (a room needs the size of the work tree)`,
      },
    )
  }
  const { moved, leftOut } = made.value
  const inRoot = (names: Iterable<string>): Set<string> => {
    if (prefix === '') return new Set(names)
    const found = new Set<string>()
    for (const name of names) if (name.startsWith(prefix)) found.add(name.slice(prefix.length))
    return found
  }
  if (moved.length > 0)
    return ok({ kind: 'moved', paths: moved.map((name) => path.relative(prefix || '.', name)) })
  const present = inRoot(held.value.keys())
  for (const name of inRoot(state.keys())) present.add(name)
  for (const [name, now] of state) if (now === '-') present.delete(name.slice(prefix.length))
  for (const [name, was] of restored) if (was === null) present.delete(name.slice(prefix.length))
  for (const name of leftOut) present.delete(name.slice(prefix.length))
  return ok({
    kind: 'ready',
    room: {
      dir: treeOf(entering.place),
      top,
      prefix,
      files: { files: present, tracked: inRoot(held.value.keys()) },
      leftOut: [...inRoot(leftOut)],
      masked: source === null ? [] : otherWorktrees(source.repo),
    },
  })
}
