import { type Result, fail, ok } from '../base/result.ts'
import { shellWord } from '../base/shell-word.ts'
import { isWithin } from '../base/within.ts'
import { findRepo } from '../evidence/git/repo.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import { readLive } from '../records/live.ts'

/**
 * Whether a session works in this repository, as its last start says: a request from another terminal means the
 * repository that somebody happens to stand in. Nothing is known without a live record. Code: foreign-root.
 */
export function worksIn(home: string, sessionId: string, root: string): Result<void> {
  const live = readLive(home, sessionId)
  // Its directory may belong to another root by now: `git init`, or a config that came later.
  if (!live || root === live.repoRoot || root === findRepoRoot(live.cwd) || isPart(root, live.repoRoot))
    return ok(undefined)
  return fail(
    'foreign-root',
    `session ${sessionId} works in ${live.repoRoot}, and this would hold it to ${root}`,
    { fix: `the same with --cwd ${shellWord(live.repoRoot)}` },
  )
}

/** A project with a config of its own in the same work tree, or any in a directory without git; no nested worktree or clone. */
function isPart(root: string, whole: string): boolean {
  const top = findRepo(whole)?.top
  return isWithin(root, whole) && (top === undefined || findRepo(root)?.top === top)
}
