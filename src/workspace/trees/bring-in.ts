import { type Result, ok } from '../../base/result.ts'
import { gitObjects, gitOwn, gitPersonObjects } from './git.ts'
import { refAt } from './own.ts'
import { commitsAmong, copyPack } from './pack.ts'
import type { OwnRepository } from './types.ts'

/** What was read anew is known by a ref, which also names it for who cleans up. */
const known = (commit: string): string => `refs/autonomous-loop/known/${commit}`

/**
 * Takes a commit of the person's repository into ours, with its history as far as we lack it. Everything that it holds is read
 * anew and checked as git checks what comes from strangers; nothing of it stays a file that others can write to. Codes:
 * git-failed, where an object is missing or is not what its name says.
 */
export async function bringIn(own: OwnRepository, commit: string): Promise<Result<void>> {
  const before = await refAt(own, known(commit))
  if (!before.ok) return before
  if (before.value !== null) return ok(undefined)
  const history = await bringHistory(own, commit)
  if (!history.ok) return history
  const objects = await gitObjects(own, {
    args: ['rev-list', '--objects', '--no-object-names', '--no-walk', commit],
  })
  if (!objects.ok) return objects
  const names = objects.value.toString('latin1').trim().split('\n')
  const content = await copyPack(own, {
    from: gitObjects,
    to: gitObjects,
    names,
    reaches: false,
    strict: true,
  })
  if (!content.ok) return content
  const noted = await gitOwn(own, { args: ['update-ref', known(commit), commit] })
  return noted.ok ? ok(undefined) : noted
}

async function bringHistory(own: OwnRepository, commit: string): Promise<Result<void>> {
  const held = await commitsAmong(own, gitObjects, [commit])
  if (!held.ok) return held
  if (held.value.length > 0) return ok(undefined)
  const refs = await gitOwn(own, { args: ['for-each-ref', '--format=%(objectname)'] })
  if (!refs.ok) return refs
  // Only what the person's repository has too can be left out of a pack that is made there.
  const both = await commitsAmong(own, gitPersonObjects, refs.value.toString('latin1').trim().split('\n'))
  if (!both.ok) return both
  const names = [commit, ...both.value.map((one) => `^${one}`)]
  // Old history may have forms that git refuses today, and nothing of it is checked out.
  return copyPack(own, { from: gitPersonObjects, to: gitObjects, names, reaches: true, strict: false })
}
