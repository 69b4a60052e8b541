import path from 'node:path'
import { type Result, ok } from '../../base/result.ts'
import { listOthers } from './others.ts'
import { splitNul } from './parse.ts'
import { type Repo, repoAt } from './repo.ts'
import { runGit } from './run.ts'
import type { Shadow } from './shadow.ts'
import { EntryReader } from '../entry.ts'
import { pathText } from '../path-text.ts'
import type { IgnoreFile } from '../types.ts'
import { walkFiles } from '../walk.ts'

const DEEPEST = 16

/**
 * Files of a work tree inside the work tree (submodule or embedded repository), relative to the top. Its own `.git` may be
 * written by a sandboxed agent, so nothing in it is believed: every file that the visible .gitignore files do not exclude is
 * listed, and what its index names is added (files that are tracked although ignored).
 */
export async function nestedFiles(
  repo: Repo,
  shadow: Shadow,
  name: string,
  depth = 0,
): Promise<Result<string[]>> {
  // A link in place of the submodule leads out of the repository: it is an entry, nothing to walk.
  if (!new EntryReader(repo.top, repo.format).isDirectory(name)) return ok([])
  // Processes take their directory as text only.
  if (name.includes('\\x')) return ok([...walkFiles(repo.top, name, (dir) => dir !== 'node_modules')])
  const top = path.join(repo.top, name)
  const blank = blankAt(repo, shadow, name)
  const listed = await runGit(blank, shadow, { args: ['ls-files', '-z', '--others', '--exclude-standard'] })
  if (!listed.ok) return listed
  const names = new Set(splitNul(listed.value).map(pathText))
  const own = repoAt(top)
  if (own) {
    const tracked = await runGit(own, shadow, { args: ['ls-files', '-z'] })
    if (tracked.ok) for (const record of splitNul(tracked.value)) names.add(pathText(record))
  }
  const files: string[] = []
  for (const inner of names) {
    const full = `${name}/${inner}`
    if (!inner.endsWith('/')) files.push(full)
    else if (depth < DEEPEST) {
      const deeper = await nestedFiles(repo, shadow, full.slice(0, -1), depth + 1)
      if (!deeper.ok) return deeper
      for (const file of deeper.value) files.push(file)
    }
  }
  return ok(files)
}

/**
 * The same with the ignore rules of another moment: what these files (relative to the top) do not hide, whatever lies about
 * now and whatever is tracked there.
 */
export async function nestedOthers(
  repo: Repo,
  shadow: Shadow,
  name: string,
  files: readonly IgnoreFile[],
  depth = 0,
): Promise<Result<string[]>> {
  if (!new EntryReader(repo.top, repo.format).isDirectory(name)) return ok([])
  if (name.includes('\\x')) return nestedFiles(repo, shadow, name)
  const inside = files.flatMap(([file, text]): IgnoreFile[] =>
    file.startsWith(`${name}/`) ? [[file.slice(name.length + 1), text]] : [],
  )
  const listed = await listOthers(blankAt(repo, shadow, name), shadow, inside, {
    within: [],
    passOver: ['node_modules'],
  })
  if (!listed.ok) return listed
  const found: string[] = []
  for (const inner of listed.value) {
    if (!inner.endsWith('/')) found.push(`${name}/${inner}`)
    else if (depth < DEEPEST) {
      const deeper = await nestedOthers(repo, shadow, `${name}/${inner.slice(0, -1)}`, files, depth + 1)
      if (!deeper.ok) return deeper
      for (const file of deeper.value) found.push(file)
    }
  }
  return ok(found)
}

/** No index: everything is untracked. */
function blankAt(repo: Repo, shadow: Shadow, name: string): Repo {
  const top = path.join(repo.top, name)
  return { top, prefix: '', gitDir: shadow.dir, commonDir: shadow.dir, format: repo.format }
}
