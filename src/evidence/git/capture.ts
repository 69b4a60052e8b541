import { type Result, ok } from '../../base/result.ts'
import { EntryReader, type EntryLook } from '../entry.ts'
import { headOf } from './head.ts'
import { ignoredNow } from './ignored.ts'
import { ignoreFilesNow } from './ignores.ts'
import { lookNow } from './now.ts'
import { refsNow } from './refs.ts'
import type { Repo } from './repo.ts'
import { readSettings } from './settings.ts'
import { localName } from './scan.ts'
import { openShadow } from './shadow.ts'
import { sameContent } from './content.ts'
import { committedStart, listedStart } from './start.ts'
import { takeListing } from './take-listing.ts'
import { stayingAmong } from '../recorded.ts'
import type { EntryLine, EvidenceOptions, GitBaseline, NamedPath } from '../types.ts'

/**
 * A list of our own of the tracked files, and what differs from it. A report (`listed` false: an agent writes it) has no list:
 * it is HEAD and what differs from that. Errors: those of git-run.ts, git-shadow.ts, `workspace-busy`.
 */
export async function captureGit(
  own: Repo,
  root: string,
  named: readonly NamedPath[],
  options: EvidenceOptions,
  listed: boolean,
): Promise<Result<GitBaseline>> {
  const settings = readSettings(own, options)
  const shadow = openShadow(root, own.format, settings, options)
  if (!shadow.ok) return shadow
  const commit = await headOf(own, shadow.value)
  if (!commit.ok) return commit
  // What is ignored is asked for while the list is made.
  const ignoredThen = ignoredNow(own, shadow.value)
  const taken = listed ? await takeListing(own, shadow.value) : null
  if (taken && !taken.ok) return taken
  const listing = taken?.value.listing
  const started = listing
    ? listedStart(own, shadow.value, listing, options)
    : ok(committedStart(own, shadow.value, commit.value, null))
  if (!started.ok) return started
  const left = taken?.value.left.flatMap((name) => localName(own, name))
  const { repo, held, list } = started.value
  const view = list?.()
  if (view && !view.ok) return view
  const [now, ignored, refs, ignoresThen] = await Promise.all([
    lookNow(started.value, shadow.value, root, new Set(left), named, []),
    ignoredThen,
    refsNow(own, shadow.value),
    view && ignoreFilesNow(repo, shadow.value, view.value.submodules, view.value.called('.gitignore')),
    listing?.packed(),
  ])
  if (!now.ok) return now
  if (!ignored.ok) return ignored
  if (!refs.ok) return refs
  const ignores = ignoresThen ?? (await ignoreFilesNow(repo, shadow.value, now.value.scan.submodules, null))
  if (!ignores.ok) return ignores
  const entries: EntryLine[] = []
  for (const [path, look] of now.value.looks)
    if (!(await sameContent(repo, shadow.value, root, held, path, look, now.value.sides.get(path) ?? null)))
      entries.push(line(path, look))
  const eyes = new EntryReader(root, repo.format)
  for (const path of stayingAmong(ignored.value ?? [], named))
    if (!now.value.looks.has(path)) entries.push(line(path, eyes.look(path)))
  return ok({
    kind: 'git',
    commit: commit.value,
    format: repo.format,
    settings,
    entries: entries.sort(byPath),
    named,
    sparse: now.value.scan.sparse,
    ignores: ignores.value,
    // Of the files of another work tree nothing is known, as of ignored ones.
    ignored: ignored.value && [...ignored.value, ...now.value.scan.worktrees.map((name) => `${name}/`)],
    nested: now.value.scan.nested.map((name) => `${name}/`),
    index: now.value.scan.index,
    refs: refs.value,
    ...(listing ? { listing } : {}),
  })
}

function line(path: string, look: EntryLook | null): EntryLine {
  return look ? [path, look.kind, look.hash, look.stat] : [path, '-', '', '']
}

function byPath(a: EntryLine, b: EntryLine): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0
}
