import { type Result, fail, ok } from '../../base/result.ts'
import { addedSince } from './added-since.ts'
import type { IndexView } from './index-view.ts'
import type { Listing } from './listing.ts'
import { parseRaw } from './parse.ts'
import type { Repo } from './repo.ts'
import { runGit } from './run.ts'
import { type Scan, assemble, untracked } from './scan.ts'
import type { Shadow } from './shadow.ts'
import type { NamedPath } from '../types.ts'

const TRIES = 5

interface Opening {
  readonly listing: Listing
  readonly scratch: string
  readonly open: () => Result<IndexView>
}

/**
 * Compares our own list of the start with the work tree: changed files (lstat only) and files it lacks. HEAD, commits and the
 * flags and stats of the repository's index are asked for nothing; `repo` must name the list as its index. Of the
 * repository's index only the names count, for files that were added to it although they are ignored.
 */
export async function scanListing(
  repo: Repo,
  shadow: Shadow,
  { listing, scratch, open }: Opening,
  named: readonly NamedPath[],
  onUntracked: (paths: readonly string[]) => void,
): Promise<Result<Scan>> {
  const within = repo.prefix === '' ? [] : ['--', repo.prefix]
  for (let tried = 0; tried < TRIES; tried++) {
    const before = listing.markIn(scratch)
    const asked = Promise.all([
      runGit(repo, shadow, {
        args: [
          'diff-files',
          '--raw',
          '-z',
          '--no-abbrev',
          '--no-renames',
          '--ignore-submodules=all',
          ...within,
        ],
      }),
      untracked(repo, shadow, within, onUntracked),
    ])
    const opened = open()
    const added = opened.ok ? await addedSince(repo, shadow, listing, opened.value) : []
    const [touched, others] = await asked
    if (!opened.ok) return opened
    const view = opened.value
    // Removed meanwhile, it was an empty list to git; made anew, it was not the right one before.
    if (before === '' || listing.markIn(scratch) !== before) continue
    if (!touched.ok) return touched
    if (!others.ok) return others
    const scan = await assemble(repo, shadow, {
      staged: [],
      touched: parseRaw(touched.value),
      others: [...others.value, ...added],
      hidden: view.sparse.map((path) => ({ path, skipWorktree: true, side: view.find(path) })),
      submodules: view.submodules,
      named,
    })
    return scan.ok ? ok({ ...scan.value, index: null }) : scan
  }
  return fail('workspace-busy', `the list of files of the start kept vanishing while git read it`)
}
