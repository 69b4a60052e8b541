import fs from 'node:fs'
import path from 'node:path'
import { removeOwned } from '../../base/owned-directory.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { repoOf } from '../../evidence/baseline.ts'
import { openShadow } from '../../evidence/git/shadow.ts'
import type { WorkFiles } from '../../evidence/present.ts'
import type { Baseline, EvidenceOptions, GitBaseline } from '../../evidence/types.ts'
import type { WorkspaceLook } from '../look.ts'
import { asAtStart } from './as-at-start.ts'
import { type Filled, type Filling, type RoomDifference, fill, refill } from './fill.ts'
import { removeLeadingOut } from './leads-out.ts'
import { otherWorktrees } from './masked.ts'
import { restoredMark, withoutBelow, writeStart } from './restore.ts'
import {
  type Committed,
  type RoomRepository,
  makeIndex,
  makeRepository,
  renewIndex,
} from './room-repository.ts'
import { readRoomState, writeRoomState } from './room-state.ts'
import type { StartFiles } from './start-content.ts'
import { type Held, type Source, heldAtStart, lookedAt, workNow } from './room-work.ts'

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

export interface Entering {
  /** Directory of this room alone, in the home. */
  readonly place: string
  readonly root: string
  readonly baselines: readonly Baseline[]
  readonly look: WorkspaceLook
  /** These are to be as they were at the start, whatever the look saw; relative to the root. */
  readonly restored?: StartFiles
}

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

interface Making {
  readonly entering: Entering
  readonly source: Source | null
  readonly top: string
  readonly held: Held
  readonly state: RoomDifference
  /** From the top. */
  readonly restored: StartFiles
  readonly isOfStart: (name: string) => boolean
  readonly options: EvidenceOptions
}

const treeOf = (place: string): string => path.join(place, 'tree')
const stateFile = (place: string): string => path.join(place, 'room.json')

interface Made {
  readonly moved: readonly string[]
  /** Links that lead out of the tree. */
  readonly leftOut: readonly string[]
}

async function makeOrRenew(making: Making): Promise<Result<Made>> {
  const { entering, source, top, held, state, restored, isOfStart } = making
  const { place, look } = entering
  const [tree, file] = [treeOf(place), stateFile(place)]
  const base = source?.base.commit ?? null
  const filling: Filling = {
    from: top,
    to: tree,
    hashing: source?.repo.format ?? 'short',
    before: look.at,
    isOfStart,
    wasThere: lookedAt(making),
    heldAtStart: (name) => (isOfStart(name) ? (held.get(name) ?? null) : null),
  }
  const had = source === null || source.repo.prefix === '' ? readRoomState(file, base) : null
  fs.rmSync(file, { force: true })
  const ours = source === null ? ok(null) : repositoryOf(making, source)
  if (!ours.ok) return ours
  const filled =
    had === null ? await makeAnew(making, filling, ours.value) : ok(await refill(filling, had, state))
  if (!filled.ok) return filled
  const { moved, stats } = filled.value
  if (moved.length > 0) return ok({ moved, leftOut: [] })
  // What the room has like that already stays.
  writeStart(tree, new Map([...restored].filter(([name]) => had?.get(name) !== state.get(name))))
  const leftOut = removeLeadingOut(
    { dir: tree, top },
    [...state].flatMap(([name, now]) => (now.startsWith('l ') && !isOfStart(name) ? [name] : [])),
  )
  // The index speaks of files that differed: of one that is as at the start again, it has to say so.
  const isSaid = had !== null && [...had].every(([name, was]) => state.get(name) === was || !isOfStart(name))
  if (ours.value !== null && !isSaid) {
    const { from, committed } = ours.value
    const indexed =
      had === null
        ? makeIndex(tree, from, committed, stats)
        : renewIndex(tree, from, committed, [...had.keys(), ...state.keys()])
    if (!indexed.ok) return indexed
  }
  const has = new Map([...state, ...leftOut.map((name) => [name, LEFT_OUT] as const)])
  writeRoomState(file, base, has)
  return ok({ moved, leftOut })
}

/** Of a link that leads out, in the record of a room: whatever is at its place next is copied. */
const LEFT_OUT = 'left-out'

interface Ours {
  readonly from: RoomRepository
  readonly committed: Committed
}

/** Git packs and checks the objects while files are copied. Who fails waits for the other: nobody writes to a room that is given up. */
async function makeAnew(
  { entering: { place }, held, state }: Making,
  filling: Filling,
  ours: Ours | null,
): Promise<Result<Filled>> {
  const tree = treeOf(place)
  removeOwned(tree)
  fs.mkdirSync(tree, { recursive: true, mode: 0o755 })
  const filled = fill(filling, held.keys(), state)
  const made = (async () => (ours === null ? ok(undefined) : makeRepository(tree, ours.from)))()
  await Promise.allSettled([filled, made])
  const repository = await made
  return repository.ok ? ok(await filled) : repository
}

/** Of `<kind> <oid>`. */
const isOid = (held: string | undefined, oid: string): boolean =>
  held !== undefined && held.length === oid.length + 2 && held.endsWith(oid)

function repositoryOf(
  { held, state, restored, isOfStart, options }: Making,
  { repo, base }: Source,
): Result<Ours> {
  const shadow = openShadow(repo.top, repo.format, base.settings, options)
  if (!shadow.ok) return shadow
  const { git, timeoutMs } = shadow.value
  const refs = base.refs ?? { head: null, list: [] }
  return ok({
    from: { git, timeoutMs, repo, commit: base.commit, settings: base.settings, refs },
    committed: {
      wasTracked: (name, oid) => isOid(held.get(name), oid),
      isUnchanged: (name) => !state.has(name) && isOfStart(name),
      unsure: [...state.keys()].filter((name) => isOfStart(name) || restored.has(name)),
      leftOut: new Set((base.sparse ?? []).map((name) => repo.prefix + name)),
    },
  })
}
