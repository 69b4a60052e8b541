import { type Result, ok } from '../../base/result.ts'
import { EntryReader, type EntryLook } from '../entry.ts'
import { headOf } from './head.ts'
import { ignoredNow } from './ignored.ts'
import { ignoreFilesNow } from './ignores.ts'
import { lookNow } from './now.ts'
import { refsNow } from './refs.ts'
import type { Repo } from './repo.ts'
import { readSettings } from './settings.ts'
import { openShadow } from './shadow.ts'
import { sameContent } from './content.ts'
import { stayingAmong } from '../recorded.ts'
import type { EntryLine, EvidenceOptions, GitBaseline, NamedPath } from '../types.ts'

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
  const [now, ignored, refs] = await Promise.all([
    lookNow(repo, shadow.value, root, commit.value, new Set(), named, null),
    ignoredNow(repo, shadow.value),
    refsNow(repo, shadow.value),
  ])
  if (!now.ok) return now
  if (!ignored.ok) return ignored
  if (!refs.ok) return refs
  const ignores = await ignoreFilesNow(repo, shadow.value, now.value.scan.index?.submodules ?? [])
  if (!ignores.ok) return ignores
  const entries: EntryLine[] = []
  for (const [path, look] of now.value.looks)
    if (
      !(await sameContent(
        repo,
        shadow.value,
        root,
        commit.value,
        path,
        look,
        now.value.sides.get(path) ?? null,
      ))
    )
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
    ignored: ignored.value,
    nested: now.value.scan.nested.map((name) => `${name}/`),
    index: now.value.scan.index,
    refs: refs.value,
  })
}

function line(path: string, look: EntryLook | null): EntryLine {
  return look ? [path, look.kind, look.hash, look.stat] : [path, '-', '', '']
}

function byPath(a: EntryLine, b: EntryLine): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0
}
