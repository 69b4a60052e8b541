import { type Result, ok } from '../../base/result.ts'
import { type Blob, parseRaw, parseTree } from './parse.ts'
import type { Repo } from './repo.ts'
import { runGit } from './run.ts'
import type { Shadow } from './shadow.ts'
import { pathBytes } from '../path-text.ts'

/** What a commit holds at these paths (relative to the root); paths it does not hold give null. */
export async function commitSides(
  repo: Repo,
  shadow: Shadow,
  commit: string | null,
  paths: readonly string[],
): Promise<Result<Map<string, Blob | null>>> {
  const sides = new Map<string, Blob | null>(paths.map((path) => [path, null]))
  if (commit === null) return ok(sides)
  // Arguments are text for node; names that are not UTF-8 come out of the whole listing instead.
  const odd = paths.some((path) => !pathBytes(path).equals(Buffer.from(path, 'utf8')))
  for (let at = 0; at < paths.length; at += CHUNK) {
    const some = paths.slice(at, at + CHUNK).map((path) => repo.prefix + path)
    const args = odd ? ['-r'] : []
    const listed = await runGit(repo, shadow, {
      args: ['ls-tree', '-z', '--full-tree', ...args, commit, ...(odd ? [] : ['--', ...some])],
    })
    if (!listed.ok) return listed
    for (const [name, side] of parseTree(listed.value)) {
      const local = name.slice(repo.prefix.length)
      if (name.startsWith(repo.prefix) && sides.has(local)) sides.set(local, side)
    }
    if (odd) break
  }
  return ok(sides)
}

/** Where two commits differ: path → what the second holds. */
export async function commitDifference(
  repo: Repo,
  shadow: Shadow,
  from: string,
  to: string,
): Promise<Result<Map<string, Blob | null>>> {
  const listed = await runGit(repo, shadow, {
    args: ['diff-tree', '-r', '--raw', '-z', '--no-abbrev', '--no-renames', from, to],
  })
  if (!listed.ok) return listed
  return ok(
    new Map(
      parseRaw(listed.value)
        .filter((change) => change.path.startsWith(repo.prefix))
        .map((change) => [change.path.slice(repo.prefix.length), change.after]),
    ),
  )
}

/** All paths of a commit below the root. */
export async function commitPaths(
  repo: Repo,
  shadow: Shadow,
  commit: string | null,
): Promise<Result<Map<string, Blob | null>>> {
  if (commit === null) return ok(new Map())
  const listed = await runGit(repo, shadow, { args: ['ls-tree', '-r', '-z', '--full-tree', commit] })
  if (!listed.ok) return listed
  const paths = new Map<string, Blob | null>()
  for (const [name, side] of parseTree(listed.value))
    if (name.startsWith(repo.prefix)) paths.set(name.slice(repo.prefix.length), side)
  return ok(paths)
}

const CHUNK = 500
