import { realPath } from '../../base/within.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { type Held, heldByCommit, heldByListing } from './held.ts'
import type { IndexView } from './index-view.ts'
import type { Listing } from './listing.ts'
import { type Repo, findRepo, repoAt } from './repo.ts'
import { type Scan, scanGit } from './scan.ts'
import { scanListing } from './scan-listing.ts'
import type { KnownIndex } from './index.ts'
import { type Shadow, openShadow } from './shadow.ts'
import type { EvidenceOptions, GitBaseline, NamedPath } from '../types.ts'

/** The start of a run in a repository: what it held, and how the work tree is looked at beside it. */
export interface Start {
  /** With the index that git is to read. */
  readonly repo: Repo
  readonly held: Held
  /** Our own list; null where there is none. */
  readonly list: (() => Result<IndexView>) | null
  readonly scan: (
    named: readonly NamedPath[],
    onUntracked: (paths: readonly string[]) => void,
  ) => Promise<Result<Scan>>
}

/**
 * By the baseline's own list of files; without one (older releases, reports of an agent) by the commit of the first. Which
 * files are ignored and how lines end is what the last baseline says. Codes: git-gone, those of openShadow and the listing.
 */
export function openStart(
  root: string,
  baselines: readonly GitBaseline[],
  options: EvidenceOptions,
): Result<{ readonly start: Start; readonly shadow: Shadow }> {
  const first = baselines[0]!
  const { listing } = first
  if (baselines.some((one) => one.listing?.sha256 !== listing?.sha256))
    throw new Error('baselines that are compared at once rest on one list, or on none')
  const repo = listing ? repoAbove(root, listing.prefix) : findRepo(root)
  if (repo === null)
    return fail('git-gone', `${root} was a git repository at the start and is not one now`, {
      fix: 'restore .git, or let the run go with: autonomous-loop waive',
    })
  const format = listing ? first.format : repo.format
  const shadow = openShadow(root, format, baselines.at(-1)!.settings, options)
  if (!shadow.ok) return shadow
  // Index notes are believed only of a baseline of our own; one that an agent reported stands beside a commit.
  const known = baselines.length === 1 ? first.index : null
  const start = listing
    ? listedStart({ ...repo, format }, shadow.value, listing, options)
    : ok(committedStart(repo, shadow.value, first.commit, known))
  return start.ok ? ok({ start: start.value, shadow: shadow.value }) : start
}

export function listedStart(
  repo: Repo,
  shadow: Shadow,
  listing: Listing,
  { scratch }: EvidenceOptions,
): Result<Start> {
  const open = (): Result<IndexView> => listing.open(scratch, repo.format)
  // A copy that is there is checked while git reads it.
  const there = listing.markIn(scratch) === '' ? open() : ok(null)
  if (!there.ok) return there
  // Nothing but objects is the repository's: a HEAD or an index that was broken since says nothing.
  const listed = { ...repo, gitDir: shadow.dir, indexFile: listing.copyIn(scratch) }
  return ok({
    repo: listed,
    held: heldByListing(open),
    list: open,
    scan: (named, onUntracked) => scanListing(listed, shadow, { listing, scratch, open }, named, onUntracked),
  })
}

export function committedStart(
  repo: Repo,
  shadow: Shadow,
  commit: string | null,
  known: KnownIndex | null,
): Start {
  return {
    repo,
    held: heldByCommit(repo, shadow, commit),
    list: null,
    scan: (named, onUntracked) => scanGit(repo, shadow, commit, known, named, onUntracked),
  }
}

/** As it was at the start: a repository that was made in the root since is not asked. */
function repoAbove(root: string, prefix: string): Repo | null {
  const real = `${realPath(root)}/`
  if (!real.endsWith(`/${prefix}`)) return null
  const repo = repoAt(real.slice(0, -prefix.length - 1) || '/')
  return repo && { ...repo, prefix }
}
