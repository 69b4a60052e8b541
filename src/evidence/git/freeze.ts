import { type Result, fail, ok } from '../../base/result.ts'
import type { Blob } from './parse.ts'
import { findRepo } from './repo.ts'
import { EMPTY_TREE } from './scan.ts'
import { openShadow } from './shadow.ts'
import { commitDifference } from './sides.ts'
import { takeListing } from './take-listing.ts'
import type { EntryLine, EvidenceOptions, GitBaseline } from '../types.ts'

/**
 * A report and the commit it is held against, put on one list of our own: that of the commit, as it is now. What the report's
 * own commit held otherwise becomes entries of the report. From then on neither commit is asked: a person may squash, and `gc`
 * may take both away. Codes: git-gone, those of openShadow and takeListing.
 */
export async function freezeReport(
  root: string,
  reported: GitBaseline,
  head: GitBaseline,
  options: EvidenceOptions,
): Promise<Result<readonly [GitBaseline, GitBaseline]>> {
  const repo = findRepo(root)
  if (repo === null || head.commit === null)
    return fail('git-gone', `${root} was a git repository at the start and is not one now`)
  const shadow = openShadow(root, repo.format, head.settings, options)
  if (!shadow.ok) return shadow
  const to = reported.commit ?? EMPTY_TREE[repo.format]
  const otherwise =
    reported.commit === head.commit
      ? ok(new Map<string, Blob | null>())
      : await commitDifference(repo, shadow.value, head.commit, to)
  if (!otherwise.ok) return otherwise
  const taken = await takeListing(repo, shadow.value, head.commit)
  if (!taken.ok) return taken
  const { listing } = taken.value
  await listing.packed()
  const said = new Set(reported.entries.map(([path]) => path))
  const more = [...otherwise.value].flatMap(([path, blob]): EntryLine[] =>
    said.has(path) ? [] : [blob ? [path, blob.kind, blob.oid, ''] : [path, '-', '', '']],
  )
  return ok([
    { ...reported, index: null, entries: [...reported.entries, ...more], listing },
    { ...head, listing },
  ])
}
