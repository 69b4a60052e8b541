import fs from 'node:fs'
import { type Result, ok } from '../../base/result.ts'
import { isPointer, writeAdmin } from './admin.ts'
import { setRef } from './commit.ts'
import { gitOwn } from './git.ts'
import { readInventory } from './inventory.ts'
import { adminOf, placeOf } from './paths.ts'
import { ownCommits } from './rescue-commits.ts'
import type { OwnRepository } from './types.ts'
import { isThere, listWorktrees } from './worktree.ts'

/** Worktrees that are the directories we handed out, and of which our repository knows nothing any more. By name. */
export function unregistered(own: OwnRepository): readonly string[] {
  return listWorktrees(own).flatMap(({ name, state }) =>
    state === 'foreign' && isThere(own, name) && canRegister(own, name) ? [name] : [],
  )
}

/** A `.git` that somebody put there is theirs, and stays. */
function canRegister(own: OwnRepository, name: string): boolean {
  const { dir, index } = placeOf(own, name)
  const isOurs = isPointer(own, name) || !fs.existsSync(`${dir}/.git`)
  return isOurs && fs.existsSync(index) && !fs.existsSync(`${adminOf(own, name)}/gitdir`)
}

/** What the repository knows of such a worktree, made from our index of it; its files stay as they are. Throws what the file system says. */
export function register(own: OwnRepository, name: string): void {
  const known = readInventory(own, name)
  if (known !== null) writeAdmin(own, name, known.commit)
}

/**
 * Forgets a worktree that is not there. What its HEAD named may be an agent's own commit, so the ref keeps it where nothing else does.
 * The ref, or null: there was nothing to keep. Codes: those of git.
 */
export async function dropRegistration(
  own: OwnRepository,
  name: string,
  ref: string,
): Promise<Result<string | null>> {
  const commits = await ownCommits(own, name, [], [])
  if (!commits.ok) return commits
  const [commit] = commits.value
  if (commit !== undefined) {
    const named = await gitOwn(own, { args: ['for-each-ref', '--count=1', '--contains', commit] })
    if (!named.ok) return named
    if (named.value.length > 0) return forget(own, name)
    const set = await setRef(own, ref, commit)
    if (!set.ok) return set
  }
  const gone = forget(own, name)
  return gone.ok && commit !== undefined ? ok(ref) : gone
}

function forget(own: OwnRepository, name: string): Result<null> {
  fs.rmSync(adminOf(own, name), { recursive: true, force: true })
  fs.rmSync(placeOf(own, name).index, { force: true })
  return ok(null)
}
