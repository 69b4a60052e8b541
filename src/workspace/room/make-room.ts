import fs from 'node:fs'
import path from 'node:path'
import { removeOwned } from '../../base/owned-directory.ts'
import { type Result, ok } from '../../base/result.ts'
import { openShadow } from '../../evidence/git/shadow.ts'
import type { Baseline, EvidenceOptions } from '../../evidence/types.ts'
import type { WorkspaceLook } from '../look.ts'
import { type Filled, type Filling, type RoomDifference, fill, refill } from './fill.ts'
import { removeLeadingOut } from './leads-out.ts'
import { writeStart } from './restore.ts'
import type { CommitDifference } from './room-index.ts'
import {
  type Committed,
  type RoomRepository,
  makeIndex,
  makeRepository,
  renewIndex,
} from './room-repository.ts'
import { type RoomState, readRoomState, writeRoomState } from './room-state.ts'
import type { StartFiles } from './start-content.ts'
import { type Held, type Source, lookedAt } from './room-work.ts'

export interface Entering {
  /** Directory of this room alone, in the home. */
  readonly place: string
  readonly root: string
  readonly baselines: readonly Baseline[]
  readonly look: WorkspaceLook
  /** These are to be as they were at the start, whatever the look saw; relative to the root. */
  readonly restored?: StartFiles
  /** Absent: a room of another start is made anew. */
  readonly mover?: StartMover
}

/** All that a room is made of. */
export interface Making {
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

export const treeOf = (place: string): string => path.join(place, 'tree')
const stateFile = (place: string): string => path.join(place, 'room.json')

export interface Made {
  readonly moved: readonly string[]
  /** Links that lead out of the tree. */
  readonly leftOut: readonly string[]
}

/** Makes a room, or makes of the one that is there what is wanted. Throws what the file system says. */
export async function makeOrRenew(making: Making): Promise<Result<Made>> {
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
  const was = source === null || source.repo.prefix === '' ? readRoomState(file) : null
  fs.rmSync(file, { force: true })
  const ours = source === null ? ok(null) : repositoryOf(making, source)
  if (!ours.ok) return ours
  const renewed = was === null ? ok(null) : renewable(making, was, ours.value)
  if (!renewed.ok) return renewed
  const had = renewed.value?.had ?? null
  const filled =
    had === null ? await makeAnew(making, filling, ours.value) : ok(await refill(filling, had, state))
  if (!filled.ok) return filled
  const { moved, stats } = filled.value
  // What the room has like that already stays.
  writeStart(tree, new Map([...restored].filter(([name]) => had?.get(name) !== state.get(name))))
  const leftOut = removeLeadingOut(
    { dir: tree, top },
    [...state].flatMap(([name, now]) => (now.startsWith('l ') && !isOfStart(name) ? [name] : [])),
  )
  // The index speaks of files that differed: of one that is as at the start again, it has to say so.
  const isSaid = had !== null && [...had].every(([name, now]) => state.get(name) === now || !isOfStart(name))
  const index = renewed.value?.index ?? 'anew'
  if (ours.value !== null && (index !== 'same' || !isSaid)) {
    const { from, committed } = ours.value
    const indexed =
      had === null || index === 'anew'
        ? makeIndex(tree, from, committed, stats)
        : renewIndex(
            tree,
            from,
            committed,
            [...had.keys(), ...state.keys()],
            index === 'same' ? new Map() : index,
          )
    if (!indexed.ok) return indexed
  }
  const start =
    was !== null && index === 'same'
      ? was.start
      : (entering.mover?.keep(place, entering.baselines, making.options) ?? null)
  // Of what moved meanwhile nothing is known but that. The rest need not be made anew.
  const notes = [
    ...leftOut.map((name) => [name, LEFT_OUT] as const),
    ...moved.map((name) => [name, UNKNOWN] as const),
  ]
  writeRoomState(file, { base, start, state: new Map([...state, ...notes]) })
  return ok({ moved, leftOut })
}

/** What a room that is there can be made of. */
export interface Renewable {
  readonly had: RoomDifference
  /** What the index says of other files: the same, what these entries say, or nothing yet. */
  readonly index: 'same' | 'anew' | CommitDifference
}

/** What makes a room of a later start out of the one that is there. Handed in, because a session has one start and pays for what it loads. */
export interface StartMover {
  /** See `keepStart`. */
  readonly keep: (place: string, baselines: readonly Baseline[], options: EvidenceOptions) => string | null
  /** Null: nobody knows what differs, so it is made anew. Codes: those of makeRepository. */
  readonly renew: (making: Making, was: RoomState, from: RoomRepository) => Result<Renewable | null>
}

/** One of the same start; of another one only who has a mover knows. Null: it is made anew. */
function renewable(making: Making, was: RoomState, ours: Ours | null): Result<Renewable | null> {
  const { entering, source } = making
  if (was.base === (source?.base.commit ?? null)) return ok({ had: was.state, index: 'same' })
  return ours === null ? ok(null) : (entering.mover?.renew(making, was, ours.from) ?? ok(null))
}

/** Of a link that leads out, in the record of a room: whatever is at its place next is copied. */
const LEFT_OUT = 'left-out'
/** Of whatever is there, as far as this room knows: it is copied again. */
export const UNKNOWN = 'unknown'

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
