import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { isDirectory } from '../../base/file-kind.ts'
import { realPath } from '../../base/within.ts'
import type { Repo } from '../../evidence/git/repo.ts'

/** Other work trees of the same repository: an agent may have been at work there. Absolute, links resolved. */
export function otherWorktrees({ top, commonDir }: Pick<Repo, 'top' | 'commonDir'>): string[] {
  const main = path.basename(commonDir) === '.git' ? [path.dirname(commonDir)] : []
  const linked = namesIn(path.join(commonDir, 'worktrees')).flatMap((name) => {
    const read = readTextSafe(path.join(commonDir, 'worktrees', name, 'gitdir'), { maxBytes: 1 << 16 })
    return read.ok ? [path.dirname(path.resolve(commonDir, 'worktrees', name, read.value.trim()))] : []
  })
  const own = realPath(top)
  return [...new Set([...main, ...linked].filter(isDirectory).map(realPath))].filter((dir) => dir !== own)
}
