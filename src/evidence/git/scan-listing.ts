import { type Result, fail, ok } from '../../base/result.ts'
import { indexKey } from './index.ts'
import type { Listing } from './listing.ts'
import { parseRaw, splitNames } from './parse.ts'
import { type Repo, repoAt } from './repo.ts'
import { runGit } from './run.ts'
import { type Scan, assemble, localName } from './scan.ts'
import type { Shadow } from './shadow.ts'
import type { OpenListing } from './listing.ts'

const TRIES = 5

/**
 * Compares our own list of the start with the work tree: changed files (lstat only) and files it lacks. HEAD, commits and the
 * flags and stats of the repository's index are asked for nothing; `repo` must name the list as its index. Of the
 * repository's index only the names count, for files that were added to it although they are ignored.
 */
export async function scanListing(
  repo: Repo,
  shadow: Shadow,
  listing: Listing,
  open: () => Result<OpenListing>,
  onUntracked: (paths: readonly string[]) => void,
): Promise<Result<Scan>> {
  const within = repo.prefix === '' ? [] : ['--', repo.prefix]
  for (let tried = 0; tried < TRIES; tried++) {
    const opened = open()
    if (!opened.ok) return opened
    const { view, mark } = opened.value
    const before = mark()
    const [touched, others, added] = await Promise.all([
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
      runGit(repo, shadow, { args: ['ls-files', '-z', '--others', '--exclude-standard', ...within] }).then(
        (listed) => {
          if (!listed.ok) return listed
          const names = splitNames(listed.value)
          onUntracked(names.filter((name) => !name.endsWith('/')).flatMap((name) => localName(repo, name)))
          return ok(names)
        },
      ),
      namesNow(repo, shadow, listing),
    ])
    if (!touched.ok) return touched
    if (!others.ok) return others
    // Removed meanwhile, it was an empty list to git.
    if (before === '' || mark() !== before) continue
    const scan = await assemble(repo, shadow, {
      staged: [],
      touched: parseRaw(touched.value),
      others: [...others.value, ...view.lacking(added)],
      hidden: view.sparse.map((path) => ({ path, skipWorktree: true, side: view.find(path) })),
      submodules: view.submodules,
    })
    return scan.ok ? ok({ ...scan.value, index: null }) : scan
  }
  return fail('workspace-busy', `the list of files of the start kept vanishing while git read it`)
}

/** Names in the repository's own index; none while it is as it was at the start, or where git cannot read it. */
async function namesNow(repo: Repo, shadow: Shadow, listing: Listing): Promise<Buffer> {
  const own = repoAt(repo.top)
  if (own === null || (listing.source !== null && indexKey(own) === listing.source)) return Buffer.alloc(0)
  const within = repo.prefix === '' ? [] : ['--', repo.prefix]
  const listed = await runGit(own, shadow, { args: ['ls-files', '-z', ...within] })
  return listed.ok ? listed.value : Buffer.alloc(0)
}
