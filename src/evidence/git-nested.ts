import path from 'node:path'
import { type Result, ok } from '../base/result.ts'
import { splitNul } from './git-parse.ts'
import { type Repo, repoAt } from './git-repo.ts'
import { runGit } from './git-run.ts'
import { type Shadow } from './git-shadow.ts'
import { Eyes } from './entry.ts'
import { pathText } from './path-text.ts'
import { walkFiles } from './walk.ts'

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
  if (!new Eyes(repo.top, repo.format).isDirectory(name)) return ok([])
  // Processes take their directory as text only.
  if (name.includes('\\x')) return ok([...walkFiles(repo.top, name, (dir) => dir !== 'node_modules')])
  const top = path.join(repo.top, name)
  // No index: everything is untracked.
  const blank: Repo = { top, prefix: '', gitDir: shadow.dir, commonDir: shadow.dir, format: repo.format }
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
      files.push(...deeper.value)
    }
  }
  return ok(files)
}
