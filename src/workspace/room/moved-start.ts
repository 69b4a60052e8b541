import fs from 'node:fs'
import path from 'node:path'
import { sha256 } from '../../base/hash.ts'
import { readFileSafe, readTextSafe } from '../../base/read-file.ts'
import { IndexView } from '../../evidence/git/index-view.ts'
import type { Baseline, EvidenceOptions, GitBaseline } from '../../evidence/types.ts'
import { type RoomRepository, configOf } from './room-repository.ts'
import type { RoomState } from './room-state.ts'

const startFile = (place: string): string => path.join(place, 'start')

/** Keeps the list of the start beside a room of it. Gives its name; null where there is none, or no room for it. */
export function keepStart(
  place: string,
  baselines: readonly Baseline[],
  options: EvidenceOptions,
): string | null {
  const base = only(baselines)
  if (base?.listing === undefined) return null
  try {
    fs.copyFileSync(base.listing.copyIn(options.scratch), startFile(place))
    return base.listing.sha256
  } catch {
    return null
  }
}

/** What others say of a start beside its own list is not kept. */
function only(baselines: readonly Baseline[]): GitBaseline | null {
  const [one, ...more] = baselines
  return one?.kind === 'git' && more.length === 0 ? one : null
}

/**
 * What the start that a room was made of and this one hold differently. Null: nobody knows, or all files may be others, because the
 * rules by which git writes them are.
 */
export function movedStart(
  place: string,
  was: RoomState,
  baselines: readonly Baseline[],
  from: RoomRepository,
  options: EvidenceOptions,
): readonly string[] | null {
  const config = readTextSafe(path.join(place, 'tree', '.git', 'config'), { maxBytes: 1 << 16 })
  const base = only(baselines)
  if (was.start === null || base?.listing === undefined) return null
  if (!config.ok || config.value !== configOf(from)) return null
  const read = readFileSafe(startFile(place), { maxBytes: 1 << 30 })
  if (!read.ok || sha256(read.value) !== was.start) return null
  const now = base.listing.open(options.scratch, base.format)
  if (!now.ok) return null
  const then = new IndexView(read.value, base.format)
  const views = [now.value, then]
  // Of these a list does not say what is in the work tree.
  if (views.some(({ sparse, submodules }) => sparse.length > 0 || submodules.length > 0)) return null
  const names = differing(now.value, then)
  return names.some((name) => /(?:^|\/)\.gitattributes$/.test(name)) ? null : names
}

/** Names at which the two do not hold the same, or of which only one knows. */
function differing(now: IndexView, then: IndexView): readonly string[] {
  const had = new Map([...then.entries()].map(([name, { kind, oid }]) => [name, `${kind} ${oid}`]))
  const found: string[] = []
  for (const [name, { kind, oid }] of now.entries()) {
    if (had.get(name) !== `${kind} ${oid}`) found.push(name)
    had.delete(name)
  }
  return [...found, ...had.keys()]
}
