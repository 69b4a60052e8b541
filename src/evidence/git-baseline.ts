import { type Result, fail, ok } from '../base/result.ts'
import { Eyes, type Look } from './entry.ts'
import { compileNamed } from './glob.ts'
import { type Blob } from './git-parse.ts'
import { namedFiles } from './git-named.ts'
import { type Repo, findRepo, readHead } from './git-repo.ts'
import { runGit } from './git-run.ts'
import { EMPTY_TREE, type Scan, scanGit } from './git-scan.ts'
import { readSettings } from './git-settings.ts'
import { type Shadow, openShadow } from './git-shadow.ts'
import { commitDifference, commitSides, sameContent } from './git-sides.ts'
import { type Difference, type Differing, changeKind } from './difference.ts'
import type { ChangeKind, EntryLine, EvidenceOptions, GitBaseline, NamedPath } from './types.ts'

/** The work tree looked at, with everything needed to compare it with commits and entries. */
interface Now {
  readonly scan: Scan
  readonly looks: ReadonlyMap<string, Look | null>
  /** The reference commit's side of every path in `looks`. */
  readonly sides: ReadonlyMap<string, Blob | null>
  /** Paths of `looks` that are there only because evidence names them. */
  readonly onlyNamed: ReadonlySet<string>
}

/** HEAD plus what differs from it. Errors: those of git-run.ts, git-shadow.ts, `workspace-busy`. */
export async function captureGit(
  repo: Repo,
  root: string,
  named: readonly NamedPath[],
  options: EvidenceOptions,
): Promise<Result<GitBaseline>> {
  const settings = readSettings(repo, options)
  const shadow = openShadow(root, repo.format, settings, options)
  if (!shadow.ok) return shadow
  const commit = await headOf(repo, shadow.value)
  if (!commit.ok) return commit
  const now = await lookNow(repo, shadow.value, root, commit.value, new Set(), named, null)
  if (!now.ok) return now
  const entries: EntryLine[] = []
  for (const [path, look] of now.value.looks)
    if (!(await sameContent(repo, shadow.value, root, path, look, now.value.sides.get(path) ?? null)))
      entries.push(line(path, look))
  return ok({
    kind: 'git',
    commit: commit.value,
    format: repo.format,
    settings,
    entries: entries.sort(byPath),
    named,
    sparse: now.value.scan.sparse,
    index: now.value.scan.index,
  })
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
): Promise<Result<Difference>> {
  const repo = findRepo(root)
  const first = baselines[0]!
  if (repo === null)
    return fail('git-gone', `${root} was a git repository at the start and is none now`, {
      fix: 'restore .git, or let the run go with: autonomous-loop release',
    })
  const shadow = openShadow(root, repo.format, baselines.at(-1)!.settings, options)
  if (!shadow.ok) return shadow
  // Stats and index are believed only of a baseline of our own; one that an agent reported stands beside a commit.
  const own = baselines.length === 1 ? first : null
  const others: ReadonlyMap<string, Blob | null>[] = []
  const extra = new Set<string>()
  for (const baseline of baselines) {
    const other = await otherSides(repo, shadow.value, first.commit, baseline.commit)
    if (!other.ok) return other
    others.push(other.value)
    for (const path of other.value.keys()) extra.add(path)
    for (const [path] of baseline.entries) extra.add(path)
  }
  const looked = await lookNow(repo, shadow.value, root, first.commit, extra, named, own)
  if (!looked.ok) return looked
  const { looks, sides, onlyNamed, scan } = looked.value

  const same = new Map<string, boolean>()
  const state = new Map<string, string>()
  for (const path of [...looks.keys()].sort()) {
    const look = looks.get(path) ?? null
    const equal = await sameContent(repo, shadow.value, root, path, look, sides.get(path) ?? null)
    same.set(path, equal)
    if (!equal) state.set(path, look ? `${look.kind} ${look.hash}` : '-')
  }

  const unknown = new Set<string>()
  const perBaseline: Differing[] = []
  for (const [index, baseline] of baselines.entries()) {
    const differing = new Map<string, ChangeKind>()
    const entries = byName(baseline.entries)
    const other = others[index]!
    const recorded = baseline.named.map(compileNamed)
    const leftOut = new Set(baseline.sparse ?? [])
    for (const [path, look] of looks) {
      const entry = entries.get(path)
      if (entry) {
        const was = entry[1] === '-' ? null : { kind: entry[1], hash: entry[2] }
        if (was?.kind !== look?.kind || was?.hash !== look?.hash) differing.set(path, changeKind(was, look))
        continue
      }
      const moved = other.has(path)
      const side = (moved ? other.get(path) : sides.get(path)) ?? null
      // Left out by a sparse checkout then, there or not there now: absent is no removal.
      if (look === null && leftOut.has(path)) continue
      if (side === null && onlyNamed.has(path) && !recorded.some((matches) => matches(path))) {
        if (look !== null) unknown.add(path)
        continue
      }
      const equal = moved ? await sameContent(repo, shadow.value, root, path, look, side) : same.get(path)
      if (!equal) differing.set(path, changeKind(side && { kind: side.kind, hash: side.oid }, look))
    }
    // Hidden by a skip-worktree flag that was not there at the start: gone is gone.
    if (baseline.sparse !== null)
      for (const path of scan.sparse)
        if (!leftOut.has(path) && !looks.has(path) && entries.get(path)?.[1] !== '-')
          differing.set(path, 'removed')
    perBaseline.push(differing)
  }
  return ok({ perBaseline, state, unknown: [...unknown] })
}

/** Commit of HEAD, by reading files or (reftable) through git. */
export async function headOf(repo: Repo, shadow: Shadow): Promise<Result<string | null>> {
  const read = readHead(repo)
  if (read !== undefined) return ok(read)
  const asked = await runGit(repo, shadow, {
    args: ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'],
    env: { GIT_COMMON_DIR: repo.commonDir },
    accept: [1],
  })
  return asked.ok ? ok(asked.value.toString('latin1').trim() || null) : asked
}

async function lookNow(
  repo: Repo,
  shadow: Shadow,
  root: string,
  commit: string | null,
  extra: ReadonlySet<string>,
  named: readonly NamedPath[],
  own: GitBaseline | null,
): Promise<Result<Now>> {
  const scan = await scanGit(repo, shadow, commit, own?.index ?? null)
  if (!scan.ok) return scan
  const eyes = new Eyes(root, repo.format, own ? byName(own.entries) : undefined)
  const paths = new Set([...scan.value.candidates, ...extra])
  const wanted = await namedFiles(repo, shadow, root, eyes, named)
  if (!wanted.ok) return wanted
  const onlyNamed = new Set([...wanted.value].filter((path) => !paths.has(path)))
  for (const path of onlyNamed) paths.add(path)
  // What a sparse checkout left out is as the index says, not removed.
  for (const path of scan.value.sparse) paths.delete(path)

  const missing = [...paths].filter((path) => !scan.value.sides.has(path))
  const asked = await commitSides(repo, shadow, commit, missing)
  if (!asked.ok) return asked
  const sides = new Map<string, Blob | null>()
  const looks = new Map<string, Look | null>()
  for (const path of paths) {
    sides.set(path, scan.value.sides.get(path) ?? asked.value.get(path) ?? null)
    looks.set(path, eyes.look(path))
  }
  return ok({ scan: scan.value, looks, sides, onlyNamed })
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

function line(path: string, look: Look | null): EntryLine {
  return look ? [path, look.kind, look.hash, look.stat] : [path, '-', '', '']
}

function byName(entries: readonly EntryLine[]): Map<string, EntryLine> {
  return new Map(entries.map((entry) => [entry[0], entry]))
}

function byPath(a: EntryLine, b: EntryLine): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0
}
