import { readFileSafe } from '../../base/read-file.ts'
import { type Result, ok } from '../../base/result.ts'
import { nestedFiles, nestedOthers } from './nested.ts'
import { listOthers } from './others.ts'
import { readBlobs } from './blobs.ts'
import type { Held } from './held.ts'
import { splitNul } from './parse.ts'
import type { Repo } from './repo.ts'
import { runGit } from './run.ts'
import type { Shadow } from './shadow.ts'
import { fsPath, pathText } from '../path-text.ts'
import type { IgnoreFile } from '../types.ts'

/** Kept in a baseline, characters; a larger one is left out, and its rules count as added later. */
const MOST_TEXT = 1 << 20
const MOST_FILES = 5000
/** Of all `.gitignore` files of a commit, bytes. */
const MOST_OF_COMMIT = 64 << 20

/**
 * Every `.gitignore` that says something below the root, also one that hides itself (`*` in a cache directory): those below,
 * those of the directories above, those of the work trees inside. Null when there are more than a baseline can keep. `tracked`:
 * those that git tracks, by names from the top, where they are known already.
 */
export async function ignoreFilesNow(
  repo: Repo,
  shadow: Shadow,
  submodules: readonly string[],
  tracked: readonly string[] | null,
): Promise<Result<IgnoreFile[] | null>> {
  const names = tracked ? ok(tracked) : await trackedIgnoreFiles(repo, shadow)
  if (!names.ok) return names
  const files = new Map<string, string>()
  read(repo, [...above(repo), ...names.value.filter((name) => speaks(repo, name))], files)
  // What the rules so far do not hide: untracked ones, and by their side those that hide themselves.
  const others = await listOthers(repo, shadow, [...files], { within: below(repo), passOver: [] })
  if (!others.ok) return others
  read(repo, others.value, files)
  for (const name of [...submodules, ...others.value.filter((one) => one.endsWith('/'))]) {
    const inner = name.replace(/\/$/, '')
    const visible = await nestedFiles(repo, shadow, inner)
    if (!visible.ok) return visible
    read(repo, visible.value, files)
    const more = await nestedOthers(repo, shadow, inner, [...files])
    if (!more.ok) return more
    read(repo, more.value, files)
  }
  const size = [...files.values()].reduce((sum, text) => sum + text.length, 0)
  return ok(files.size > MOST_FILES || size > MOST_TEXT ? null : [...files].sort(byPath))
}

async function trackedIgnoreFiles(repo: Repo, shadow: Shadow): Promise<Result<string[]>> {
  const listed = await runGit(repo, shadow, {
    args: ['ls-files', '-z', '--', ':(top,glob)**/.gitignore'],
    env: { GIT_LITERAL_PATHSPECS: '0' },
  })
  return listed.ok ? ok(splitNul(listed.value).map(pathText)) : listed
}

/**
 * The same as the start held it; none before the first commit. A file whose bytes cannot be had any more is left out: its
 * rules count as added later.
 */
export async function ignoreFilesOf(repo: Repo, shadow: Shadow, held: Held): Promise<Result<IgnoreFile[]>> {
  const all = await held.all()
  if (!all.ok) return all
  const wanted = [...all.value].flatMap(([name, blob]): [string, string][] =>
    isIgnoreFile(name) && speaks(repo, name) && blob !== null && blob.kind !== 'l' ? [[name, blob.oid]] : [],
  )
  const asked = await readBlobs(
    repo,
    shadow,
    wanted.map(([, oid]) => oid),
    MOST_OF_COMMIT,
  )
  if (!asked.ok) return asked
  return ok(
    wanted.flatMap(([name], at): IgnoreFile[] => {
      const bytes = asked.value[at]
      return bytes ? [[name, pathText(bytes)]] : []
    }),
  )
}

function read(repo: Repo, names: Iterable<string>, files: Map<string, string>): void {
  for (const name of names) {
    if (!isIgnoreFile(name) || files.has(name)) continue
    // Git follows no link here either.
    const bytes = readFileSafe(fsPath(repo.top, name) as string, { maxBytes: MOST_TEXT })
    if (bytes.ok) files.set(name, pathText(bytes.value))
  }
}

function above(repo: Repo): string[] {
  const parts = repo.prefix.split('/').slice(0, -1)
  return ['', ...parts.map((_part, index) => `${parts.slice(0, index + 1).join('/')}/`)].map(
    (dir) => `${dir}.gitignore`,
  )
}

/** Its directory lies below the root, or the root in it. */
function speaks(repo: Repo, name: string): boolean {
  const dir = name.slice(0, -'.gitignore'.length)
  return dir.startsWith(repo.prefix) || repo.prefix.startsWith(dir)
}

function isIgnoreFile(name: string): boolean {
  return name === '.gitignore' || name.endsWith('/.gitignore')
}

function below(repo: Repo): string[] {
  return repo.prefix === '' ? [] : [repo.prefix]
}

function byPath([a]: IgnoreFile, [b]: IgnoreFile): number {
  return a < b ? -1 : a > b ? 1 : 0
}
