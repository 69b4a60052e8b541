import { type Result, ok } from '../../base/result.ts'
import { type BaselineDifference, type Differing, changeKind, noteGone } from '../difference.ts'
import { heldByCommit } from './held.ts'
import { hiddenFiles } from './hidden.ts'
import { type Now, asKept, byName, lookNow } from './now.ts'
import type { Blob } from './parse.ts'
import type { Repo } from './repo.ts'
import { EMPTY_TREE, type Scan } from './scan.ts'
import type { Shadow } from './shadow.ts'
import { openStart } from './start.ts'
import { sameContent } from './content.ts'
import { commitDifference } from './sides.ts'
import { isEditors } from '../editors.ts'
import { isIn, recordedIn } from '../recorded.ts'
import type { ChangeKind, EvidenceOptions, GitBaseline, NamedPath } from '../types.ts'

/** With what only the rules of now hide: of the differing paths, and no part of the state. */
export interface GitDifference extends BaselineDifference {
  readonly hidden: ReadonlySet<string>
  /** See `Comparison`. */
  readonly onlyNamed: ReadonlySet<string>
}

/**
 * The work tree against several baselines of one repository. Which files are ignored and how lines end is what the last
 * baseline says: it is the one taken out of the agent's reach when there are several.
 */
export async function compareGit(
  root: string,
  baselines: readonly GitBaseline[],
  named: readonly NamedPath[],
  options: EvidenceOptions,
): Promise<Result<GitDifference>> {
  const first = baselines[0]!
  const opened = openStart(root, baselines, options)
  if (!opened.ok) return opened
  const { start, shadow } = opened.value
  const { repo, held } = start
  const others: ReadonlyMap<string, Blob | null>[] = []
  const extra = new Set<string>()
  for (const baseline of baselines) {
    // On one list they have one start, and their entries say the rest.
    const other = baseline.listing
      ? ok(new Map())
      : await otherSides(repo, shadow, first.commit, baseline.commit)
    if (!other.ok) return other
    others.push(other.value)
    for (const path of other.value.keys()) extra.add(path)
    for (const [path] of baseline.entries) extra.add(path)
  }
  const hidden = await hiddenFiles(start, shadow, root, baselines.at(-1)!, named)
  if (!hidden.ok) return hidden
  const unnamed = new Set([...hidden.value].filter((path) => !extra.has(path)))
  for (const path of unnamed) extra.add(path)
  // Stats are believed only of a baseline of our own, as index notes are.
  const known = baselines.length === 1 ? first.entries : []
  const looked = await lookNow(start, shadow, root, extra, named, known)
  if (!looked.ok) return looked
  const { looks, sides, scan } = looked.value
  const hiddenOnly = new Set([...unnamed].filter((path) => !scan.candidates.has(path)))

  // Whoever has an editor open changes nothing. What the start tracked is never such a file.
  const leftOpen = new Set(
    [...looks].flatMap(([path, look]) =>
      !sides.get(path) && !others.some((other) => other.get(path)) && isEditors(path, look, named)
        ? [path]
        : [],
    ),
  )
  const same = new Map<string, boolean>()
  const state = new Map<string, string>()
  for (const [path, look] of looks) {
    const equal = await sameContent(repo, shadow, root, held, path, look, sides.get(path) ?? null)
    same.set(path, equal)
    // Gates may write there, as wherever git ignores.
    if (!equal && !hiddenOnly.has(path) && !leftOpen.has(path))
      state.set(path, look ? `${look.kind} ${look.hash}` : '-')
  }

  const modes = shadow.settings.fileMode !== false
  const unknown = new Set<string>()
  const perBaseline: Differing[] = []
  const gone: Map<string, string>[] = []
  for (const [index, baseline] of baselines.entries()) {
    const other = others[index]!
    const sideOf = (path: string): Blob | null =>
      (other.has(path) ? asKept(other.get(path) ?? null, modes) : sides.get(path)) ?? null
    const itsOwn = other.size === 0 ? held : heldByCommit(repo, shadow, baseline.commit)
    const isSame = async (path: string): Promise<boolean> =>
      other.has(path)
        ? sameContent(repo, shadow, root, itsOwn, path, looks.get(path) ?? null, sideOf(path))
        : (same.get(path) ?? false)
    // What a report says it passed over could hide anything.
    const believed: GitBaseline = index === baselines.length - 1 ? baseline : reportOf(baseline)
    const lost = new Map<string, string>()
    perBaseline.push(await differingFrom(believed, looked.value, leftOpen, sideOf, isSame, { unknown, lost }))
    gone.push(lost)
  }
  for (const path of hiddenRemovals(first, scan)) state.set(path, '-')
  const work = workOf(baselines.at(-1)!)
  const onlyNamed = [...state.keys()].filter(
    (path) =>
      !scan.candidates.has(path) &&
      !sides.get(path) &&
      !others.some((other) => other.get(path)) &&
      !work.has(path),
  )
  return ok({
    perBaseline,
    state: new Map([...state].sort(([a], [b]) => (a < b ? -1 : 1))),
    unknown: [...unknown],
    gone,
    hidden: hiddenOnly,
    onlyNamed: new Set(onlyNamed),
  })
}

/** What was there at the start and not ignored then: that a rule hides it now does not take it away. */
function workOf({ entries, ignored }: GitBaseline): ReadonlySet<string> {
  const hidden = new Set(ignored)
  return new Set(entries.flatMap(([file, kind]) => (kind === '-' || isIn(hidden, file) ? [] : [file])))
}

function reportOf({ ignored: _ignored, nested: _nested, ...rest }: GitBaseline): GitBaseline {
  return rest
}

/** Paths that differ from one baseline; `unknown` takes in what the baseline did not record, `lost` what noteGone keeps. */
async function differingFrom(
  baseline: GitBaseline,
  { looks, onlyNamed, scan }: Now,
  leftOpen: ReadonlySet<string>,
  sideOf: (path: string) => Blob | null,
  isSame: (path: string) => Promise<boolean>,
  { unknown, lost }: { readonly unknown: Set<string>; readonly lost: Map<string, string> },
): Promise<Differing> {
  const differing = new Map<string, ChangeKind>()
  const entries = byName(baseline.entries)
  const recorded = recordedIn(baseline)
  const leftOut = new Set(baseline.sparse)
  for (const [path, look] of looks) {
    if (leftOpen.has(path)) continue
    const entry = entries.get(path)
    if (entry) {
      const was = entry[1] === '-' ? null : { kind: entry[1], hash: entry[2] }
      if (was?.kind !== look?.kind || was?.hash !== look?.hash) differing.set(path, changeKind(was, look))
      noteGone(lost, path, was, look)
      continue
    }
    // Left out by a sparse checkout then, and by none now: absent is no removal.
    if (look === null && leftOut.has(path)) continue
    const side = sideOf(path)
    if (side === null && !recorded(path, onlyNamed.has(path))) {
      if (look !== null) unknown.add(path)
      continue
    }
    if (await isSame(path)) continue
    const was = side && { kind: side.kind, hash: side.oid }
    differing.set(path, changeKind(was, look))
    noteGone(lost, path, was, look)
  }
  for (const path of hiddenRemovals(baseline, scan)) differing.set(path, 'removed')
  return differing
}

/** Gone behind a skip-worktree flag that was not there at the start: gone is gone. */
function hiddenRemovals(baseline: GitBaseline, scan: Scan): string[] {
  if (baseline.sparse === null || scan.sparse.length === 0) return []
  const before = new Set(baseline.sparse)
  for (const [path, kind] of baseline.entries) if (kind === '-') before.add(path)
  return scan.sparse.filter((path) => !before.has(path))
}

/** Where another baseline's commit differs from the reference; empty when it is the same. */
async function otherSides(
  repo: Repo,
  shadow: Shadow,
  from: string | null,
  to: string | null,
): Promise<Result<ReadonlyMap<string, Blob | null>>> {
  if (from === to) return ok(new Map())
  return commitDifference(repo, shadow, from ?? EMPTY_TREE[repo.format], to ?? EMPTY_TREE[repo.format])
}
