import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { isAlive } from '../../base/process-id.ts'
import { sessionOf } from '../../ledger/events.ts'
import { homePaths } from '../../ledger/paths.ts'
import { listPending } from '../../ledger/pending.ts'
import { listSessions } from '../../ledger/sessions.ts'
import type { RunState } from '../../ledger/state.ts'
import type { Context } from '../../records/context.ts'
import { type KeptLayer, layersIn } from '../../records/layer-store.ts'
import { readLive } from '../../records/live.ts'
import { isOpen, isProvisional } from '../../verdict/standing.ts'
import { copiesOfRun, isCopies } from '../../evidence/copies-of-run.ts'

/** Why something of the clean room may go. */
export type WhyGone =
  /** Its run is over. */
  | 'closed'
  /** Nobody has been at work there for long; it is made again when somebody is. */
  | 'idle'
  /** Its repository is gone, or nobody knows its run. */
  | 'orphan'
  /** There are too many, and it was used before the others. */
  | 'over'
  /** Whoever made it was killed. */
  | 'killed'
  /** A person wants it. */
  | 'asked'

/** Something below the home that can be made again, or that nobody will ask for. */
export interface Removable {
  readonly what: 'room' | 'layer' | 'copies' | 'caches'
  /** Absolute. */
  readonly path: string
  readonly why: WhyGone
}

const HOUR = 3_600_000
/** A run that was closed a moment ago may still be looked at. */
const CLOSED_MS = HOUR
const IDLE_ROOM_MS = 12 * HOUR
const IDLE_LAYER_MS = 14 * 24 * HOUR
/** What nobody knows may be somebody's who is just beginning. */
const UNKNOWN_MS = 24 * HOUR
/** All layers of all repositories together. */
export const MOST_PREPARED = 100 * 2 ** 30

/** What of rooms, layers and copies would go now. Reads only. `most`: bytes of all layers together. */
export function planRooms(context: Context, most: number = MOST_PREPARED): Removable[] {
  const { home } = context.env
  const now = context.clock()
  const listed = listSessions(home)
  const runs = listed.flatMap(({ key, session }) =>
    session.ok ? session.value.state.runs.map((run) => ({ key, run })) : [],
  )
  const known = { runs, areAll: listed.every(({ session }) => session.ok) }
  return [
    ...rooms(home, now, known),
    ...layers(home, now, most),
    ...caches(home, now),
    ...copies(home, now, known),
  ]
}

interface Known {
  readonly runs: readonly { readonly key: string; readonly run: RunState }[]
  /** False: there are sessions that cannot be read. */
  readonly areAll: boolean
}

function rooms(home: string, now: number, { runs, areAll }: Known): Removable[] {
  const dir = homePaths(home).rooms
  return namesIn(dir).flatMap((name): Removable[] => {
    const place = path.join(dir, name)
    const removable = (why: WhyGone | null): Removable[] =>
      why === null ? [] : [{ what: 'room', path: place, why }]
    const owner = ownerOf(name)
    if (owner !== null) return removable(isAlive(owner) ? null : 'killed')
    const run = runs.find((one) => one.run.runId === name)?.run
    const age = now - Math.max(changedAt(place), changedAt(path.join(place, 'room.json')))
    if (run === undefined) return removable(areAll && age > UNKNOWN_MS ? 'orphan' : null)
    if (!isOpen(run) && !isProvisional(run)) return removable(isOver(run, now) ? 'closed' : null)
    return removable(age > IDLE_ROOM_MS && !isAtWork(home, run) ? 'idle' : null)
  })
}

/** A release that may be taken back needs what it was judged with. */
function isOver(run: RunState, now: number): boolean {
  return !isOpen(run) && !isProvisional(run) && now - run.closed.at > CLOSED_MS
}

function layers(home: string, now: number, most: number): Removable[] {
  const all = allLayers(home)
  const gone: Removable[] = []
  let bytes = all.reduce((sum, { layer }) => sum + layer.bytes, 0)
  for (const { place, layer } of all.toSorted((a, b) => a.layer.usedAt - b.layer.usedAt)) {
    if (layer.inUse) continue
    const unused = now - layer.usedAt
    const why =
      layer.root !== '' && !fs.existsSync(layer.root)
        ? 'orphan'
        : unused > IDLE_LAYER_MS
          ? 'idle'
          : bytes > most
            ? 'over'
            : null
    if (why === null) continue
    bytes -= layer.bytes
    gone.push({ what: 'layer', path: place, why })
  }
  return [...gone, ...halfMade(home)]
}

/** Of all repositories. */
export function allLayers(
  home: string,
): readonly { readonly dir: string; readonly place: string; readonly layer: KeptLayer }[] {
  return storesOf(home).flatMap((dir) =>
    layersIn(dir).map((layer) => ({ dir, place: path.join(dir, layer.digest), layer })),
  )
}

/** Where layers of one repository lie: what was prepared, and what gates wrote on the start. */
export function storesOf(home: string): string[] {
  const { prepared, warm } = homePaths(home)
  return [prepared, warm].flatMap((parent) => namesIn(parent).map((name) => path.join(parent, name)))
}

function halfMade(home: string): Removable[] {
  return storesOf(home).flatMap((dir) => {
    const making = path.join(dir, 'making')
    return namesIn(making).flatMap((one): Removable[] => {
      const owner = ownerOf(one)
      return owner === null || isAlive(owner)
        ? []
        : [{ what: 'layer', path: path.join(making, one), why: 'killed' }]
    })
  })
}

/** Of a repository for which nothing is prepared, nor anything made on its start. */
function caches(home: string, now: number): Removable[] {
  const paths = homePaths(home)
  return namesIn(paths.caches).flatMap((name): Removable[] => {
    const place = path.join(paths.caches, name)
    const isKnown = [paths.prepared, paths.warm].some((parent) => fs.existsSync(path.join(parent, name)))
    const age =
      now - Math.max(changedAt(place), ...namesIn(place).map((one) => changedAt(path.join(place, one))))
    return !isKnown && age > IDLE_LAYER_MS ? [{ what: 'caches', path: place, why: 'idle' }] : []
  })
}

/** Of files that no store has, some of them such as a person keeps out of git: so they stay no longer than their run. */
function copies(home: string, now: number, { runs, areAll }: Known): Removable[] {
  const { sessions, archived, requests } = homePaths(home)
  const found = (dir: string, why: (name: string, place: string) => WhyGone | null): Removable[] =>
    namesIn(dir)
      .filter(isCopies)
      .flatMap((name) => {
        const place = path.join(dir, name)
        const reason = why(name, place)
        return reason === null ? [] : [{ what: 'copies', path: place, why: reason }]
      })
  const waiting = listPending(home).flatMap((one) =>
    one.failure === null ? [JSON.stringify(one.content)] : [],
  )
  return [
    ...namesIn(sessions).flatMap((key) =>
      found(path.join(sessions, key), (_name, place) => {
        const of = runs.filter(
          (one) => one.key === key && copiesOfRun(path.dirname(place), one.run.activation).includes(place),
        )
        const last = of.at(-1)?.run
        if (last === undefined) return areAll && now - changedAt(place) > UNKNOWN_MS ? 'orphan' : null
        return of.every(({ run }) => isOver(run, now)) ? 'closed' : null
      }),
    ),
    ...namesIn(path.join(archived, 'sessions')).flatMap((key) =>
      found(path.join(archived, 'sessions', key), () => 'closed'),
    ),
    ...found(requests, (name, place) =>
      waiting.some((text) => text.includes(name.slice('copied-'.length))) ||
      now - changedAt(place) < UNKNOWN_MS
        ? null
        : 'orphan',
    ),
  ]
}

function isAtWork(home: string, run: RunState): boolean {
  const session = sessionOf(run.activation)
  const codex = session === null ? undefined : readLive(home, session)?.codex
  return codex != null && isAlive(codex)
}

/** The process that a directory is named after; see makeOwned. */
function ownerOf(name: string): { readonly pid: number; readonly start: string } | null {
  const [, pid, start] = /^(\d+)-(\d+|unknown)-[0-9a-f]{12}$/.exec(name) ?? []
  return pid === undefined || start === undefined ? null : { pid: Number(pid), start }
}

function changedAt(file: string): number {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
