import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'
import { findRepo } from '../../evidence/git/repo.ts'

/** The branch that is checked out in a work tree; null where HEAD is detached. */
export function branchOf(top: string): string | null {
  const repo = findRepo(top)
  const head = repo && readTextSafe(path.join(repo.gitDir, 'HEAD'), { maxBytes: 1 << 16 })
  return (head?.ok && /^ref: refs\/heads\/(.+?)\s*$/.exec(head.value)?.[1]) || null
}
