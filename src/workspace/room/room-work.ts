import { type Result, ok } from '../../base/result.ts'
import { hiddenThen } from '../../evidence/git/hidden-then.ts'
import type { Repo } from '../../evidence/git/repo.ts'
import { openStart } from '../../evidence/git/start.ts'
import { inModules } from '../../evidence/recorded.ts'
import type { Baseline, Comparison, EvidenceOptions, GitBaseline } from '../../evidence/types.ts'
import { COPIED, type RoomDifference } from './fill.ts'

/** The repository of a room, and its start. */
export interface Source {
  readonly repo: Repo
  readonly base: GitBaseline
}

/** Names of the start, relative to the top, with what they held as a difference tells it. */
export type Held = ReadonlyMap<string, string>

/** Of a repository only what it tracked: anything else that is there differs from it. */
export async function heldAtStart(
  root: string,
  baselines: readonly Baseline[],
  source: Source | null,
  options: EvidenceOptions,
): Promise<Result<Held>> {
  if (source === null) {
    const entries = baselines.flatMap((one) => one.entries)
    return ok(
      new Map(
        entries.flatMap(([file, kind, hash]) =>
          COPIED.has(kind) && !inModules(file) ? [[file, `${kind} ${hash}`]] : [],
        ),
      ),
    )
  }
  const opened = openStart(root, [source.base], options)
  if (!opened.ok) return opened
  const all = await opened.value.start.held.all()
  if (!all.ok) return all
  const held = new Map<string, string>()
  for (const [file, blob] of all.value) if (blob) held.set(file, `${blob.kind} ${blob.oid}`)
  return ok(held)
}

/** Where packages are installed. */
const PACKAGES = /(?:^|\/)(?:node_modules|\.?venv)\//

/**
 * What differs from the start, relative to the top, but for what git ignores. Installed packages are what `prepare` makes, and do not
 * become work by a new rule.
 */
export async function workNow(
  root: string,
  { state, onlyNamed }: Pick<Comparison, 'state' | 'onlyNamed'>,
  source: Source | null,
  held: Held,
  options: EvidenceOptions,
): Promise<Result<RoomDifference>> {
  const prefix = source?.repo.prefix ?? ''
  const all = new Map(
    [...state].flatMap(([file, now]) => (onlyNamed.has(file) ? [] : [[prefix + file, now] as const])),
  )
  if (source === null) return ok(all)
  const installed = [...all.keys()].filter((name) => PACKAGES.test(name) && !held.has(name))
  const opened = openStart(root, [source.base], options)
  if (!opened.ok) return opened
  const hidden = await hiddenThen(opened.value.start, opened.value.shadow, source.base, installed)
  if (!hidden.ok) return hidden
  for (const name of hidden.value) all.delete(name)
  return ok(all)
}

export interface WorkThen {
  readonly source: Source | null
  readonly held: Held
  readonly state: RoomDifference
  readonly isOfStart: (name: string) => boolean
}

/** Only what was tracked says by its absence in the difference that it is there. Beside the root nobody looked. */
export function lookedAt({ source, held, state, isOfStart }: WorkThen): (name: string) => boolean {
  const prefix = source?.repo.prefix ?? ''
  const { sparse: left = [] } = source?.base ?? {}
  // Nobody knows what a sparse checkout left out.
  if (left === null) return () => false
  const sparse = new Set(left.map((name) => prefix + name))
  return (name) =>
    held.has(name) && name.startsWith(prefix) && isOfStart(name) && !state.has(name) && !sparse.has(name)
}
