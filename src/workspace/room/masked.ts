import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { realPath } from '../../base/within.ts'
import { type Repo, repoAt } from '../../evidence/git/repo.ts'

/**
 * Other work trees of the same repository: an agent may have been at work there. Absolute, links resolved. Each has to know the
 * repository too: whoever can write `.git` would otherwise take any directory of the machine out of a gate's sight.
 */
export function otherWorktrees({ top, commonDir }: Pick<Repo, 'top' | 'commonDir'>): string[] {
  const linked = namesIn(path.join(commonDir, 'worktrees')).flatMap((name) => {
    const read = readTextSafe(path.join(commonDir, 'worktrees', name, 'gitdir'), { maxBytes: 1 << 16 })
    return read.ok ? [path.dirname(path.resolve(commonDir, 'worktrees', name, read.value.trim()))] : []
  })
  const [own, common] = [realPath(top), realPath(commonDir)]
  const isOfIt = (dir: string): boolean => {
    const repo = repoAt(dir)
    return repo !== null && realPath(repo.commonDir) === common
  }
  const all = [path.dirname(common), ...linked].filter(isOfIt).map(realPath)
  return [...new Set(all)].filter((dir) => dir !== own)
}
