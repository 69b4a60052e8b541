import fs from 'node:fs'
import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'
import { realPath } from '../../base/within.ts'
import { type Repo, repoAt } from './repo.ts'
import { globBase, plainPath } from '../glob.ts'
import type { NamedPath } from '../types.ts'

/**
 * Whether a work tree inside (named from the top) is another work tree of the same repository (`git worktree add`): a place of
 * its own, and nobody's work here. The repository must know it by its place, so that a `.git` file alone hides nothing. Where
 * evidence speaks of a place in it, or where it lies in a directory that must stay as it is, it is looked into like any other.
 */
export function isOtherWorktree(repo: Repo, name: string, named: readonly NamedPath[]): boolean {
  if (name.includes('\\x') || named.some((one) => concerns(one, repo.prefix, name))) return false
  const top = path.join(repo.top, name)
  if (!fs.lstatSync(path.join(top, '.git'), { throwIfNoEntry: false })?.isFile()) return false
  const inner = repoAt(top)
  if (inner === null || realPath(inner.commonDir) !== realPath(repo.commonDir)) return false
  const back = readTextSafe(path.join(inner.gitDir, 'gitdir'), { maxBytes: 1 << 16 })
  return back.ok && realPath(back.value.trim()) === realPath(path.join(top, '.git'))
}

function concerns(one: NamedPath, prefix: string, name: string): boolean {
  const base = 'glob' in one ? globBase(one.glob) : plainPath(one.path)
  const place = `${prefix}${base}/`
  return base !== '' && (place.startsWith(`${name}/`) || (one.stays === true && `${name}/`.startsWith(place)))
}
