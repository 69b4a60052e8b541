import fs from 'node:fs'
import path from 'node:path'
import { canonicalJson } from '../../base/hash.ts'
import { isObject, parseJson } from '../../base/json.ts'
import { removeOwned } from '../../base/owned-directory.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import { repoOf } from '../../evidence/baseline.ts'
import type { Repo } from '../../evidence/git/repo.ts'
import { openShadow } from '../../evidence/git/shadow.ts'
import { commitPaths } from '../../evidence/git/sides.ts'
import type { WorkFiles } from '../../evidence/present.ts'
import type { Baseline, EvidenceOptions, GitBaseline } from '../../evidence/types.ts'
import type { WorkspaceLook } from '../look.ts'
import { asAtStart } from './as-at-start.ts'
import { type RoomDifference, type Filling, fill, refill } from './fill.ts'
import { otherWorktrees } from './masked.ts'
import { makeRepository, renewIndex } from './room-repository.ts'

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
  /** What gates are not to see: other places where an agent may have been at work. */
  readonly masked: readonly string[]
}

export type Entered =
  | { readonly kind: 'ready'; readonly room: Room }
  /** These changed since they were looked at. */
  | { readonly kind: 'moved'; readonly paths: readonly string[] }

export interface Entering {
  /** Directory of this room alone, in the home. */
  readonly place: string
  readonly root: string
  readonly baselines: readonly Baseline[]
  readonly look: WorkspaceLook
}

/**
 * Makes the room of a run, or makes of the one that is there what the look saw. Only the root's differences are known, so one of
 * a part of a repository is made anew. Codes: room-disk, those of makeRepository and of git.
 */
export async function enterRoom(entering: Entering, options: EvidenceOptions): Promise<Result<Entered>> {
  const { root, baselines, look } = entering
  const repo = await repoOf(root, options)
  if (!repo.ok) return repo
  const base = baselines.findLast((one): one is GitBaseline => one.kind === 'git')
  const source = repo.value !== null && base !== undefined ? { repo: repo.value, base } : null
  const prefix = source?.repo.prefix ?? ''
  const listed = await startNames(root, baselines, source, options)
  if (!listed.ok) return listed
  const { tracked } = listed.value
  const state = new Map([...look.comparison.state].map(([file, now]) => [prefix + file, now]))
  const isOfStart = asAtStart({ prefix, commit: base?.commit ?? null, baselines }, state)
  const ours: Making = { entering, source, names: listed.value.names, state, isOfStart, options }
  let moved: readonly string[]
  try {
    const made = makeOrRenew(ours)
    if (!made.ok) return made
    moved = made.value
  } catch (error) {
    return fail(
      'room-disk',
      `the clean room in ${entering.place} could not be written: ${systemWords(error)}`,
      {
        fix: `df ${entering.place}   (a room needs the size of the work tree)`,
      },
    )
  }
  if (moved.length > 0) return ok({ kind: 'moved', paths: moved })
  const top = source?.repo.top ?? root
  const inRoot = (names: Iterable<string>): Set<string> =>
    new Set([...names].flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])))
  const present = new Set([...listed.value.names, ...state.keys()])
  for (const [file, now] of state) if (now === '-') present.delete(file)
  return ok({
    kind: 'ready',
    room: {
      dir: treeOf(entering.place),
      top,
      prefix,
      files: { files: inRoot(present), tracked: inRoot(tracked) },
      masked: source === null ? [] : otherWorktrees(source.repo),
    },
  })
}

interface Making {
  readonly entering: Entering
  readonly source: { readonly repo: Repo; readonly base: GitBaseline } | null
  readonly names: ReadonlySet<string>
  readonly state: RoomDifference
  readonly isOfStart: (name: string) => boolean
  readonly options: EvidenceOptions
}

const treeOf = (place: string): string => path.join(place, 'tree')
const stateFile = (place: string): string => path.join(place, 'room.json')

/** Gives what moved. What the room holds is on record only while it is whole. */
function makeOrRenew(making: Making): Result<readonly string[]> {
  const { entering, source, names, state, isOfStart } = making
  const { place, root, look } = entering
  const [tree, file] = [treeOf(place), stateFile(place)]
  const base = source?.base.commit ?? null
  const filling: Filling = {
    from: source?.repo.top ?? root,
    to: tree,
    hashing: source?.repo.format ?? 'short',
    before: look.at,
    isOfStart,
  }
  const had = source === null || source.repo.prefix === '' ? readState(file, base) : null
  fs.rmSync(file, { force: true })
  let moved: readonly string[]
  if (had !== null) moved = refill(filling, had, state)
  else {
    removeOwned(tree)
    fs.mkdirSync(tree, { recursive: true, mode: 0o755 })
    moved = fill(filling, names, state)
  }
  // The index speaks of files that differed: of one that is as at the start again, it has to say so.
  const isSaid = had !== null && [...had.keys()].every((name) => state.has(name))
  if (moved.length === 0 && source !== null && !isSaid) {
    const made = repositoryOf(making, source, had === null ? makeRepository : renewIndex)
    if (!made.ok) return made
  }
  if (moved.length === 0) writeFileWhole(file, canonicalJson({ base, state: [...state] }))
  return ok(moved)
}

function repositoryOf(
  making: Making,
  { repo, base }: NonNullable<Making['source']>,
  make: typeof makeRepository,
): Result<void> {
  const { entering, state, isOfStart, options } = making
  const shadow = openShadow(repo.top, repo.format, base.settings, options)
  if (!shadow.ok) return shadow
  const { git, timeoutMs } = shadow.value
  const refs = base.refs ?? { head: null, list: [] }
  return make(
    treeOf(entering.place),
    { git, timeoutMs, repo, commit: base.commit, settings: base.settings, refs },
    {
      isAsCommitted: (name) => !state.has(name) && isOfStart(name),
      unsure: [...state.keys()].filter(isOfStart),
      leftOut: new Set((base.sparse ?? []).map((name) => repo.prefix + name)),
    },
  )
}

function readState(file: string, base: string | null): RoomDifference | null {
  const text = readTextSafe(file, { maxBytes: 1 << 28 })
  const parsed = text.ok ? parseJson(text.value, file) : text
  if (!parsed.ok || !isObject(parsed.value) || parsed.value['base'] !== base) return null
  const { state } = parsed.value
  return Array.isArray(state) ? new Map(state as [string, string][]) : null
}

/** Names at the start, relative to the top; `tracked` are those of the commit. */
async function startNames(
  root: string,
  baselines: readonly Baseline[],
  source: Making['source'],
  options: EvidenceOptions,
): Promise<Result<{ readonly names: ReadonlySet<string>; readonly tracked: ReadonlySet<string> }>> {
  const prefix = source?.repo.prefix ?? ''
  const names = new Set<string>()
  for (const { entries } of baselines)
    for (const [file, kind] of entries) if (kind !== '-') names.add(prefix + file)
  if (source === null) return ok({ names, tracked: names })
  const { repo, base } = source
  const shadow = openShadow(root, repo.format, base.settings, options)
  if (!shadow.ok) return shadow
  const held = await commitPaths({ ...repo, prefix: '' }, shadow.value, base.commit)
  if (!held.ok) return held
  const tracked = new Set(held.value.keys())
  for (const file of tracked) names.add(file)
  return ok({ names, tracked })
}
