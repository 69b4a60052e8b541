import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'
import { type Result, ok } from '../../base/result.ts'
import { isAncestor, refAt } from './own.ts'
import { adminOf } from './paths.ts'
import { type StrayRef, commitsOf } from './stray-refs.ts'
import type { OwnRepository } from './types.ts'

/**
 * What somebody committed, on the HEAD of the worktree or on refs of ours that are not as they were, may be nowhere else. `known`:
 * commits that are kept. Codes: those of git.
 */
export async function ownCommits(
  own: OwnRepository,
  name: string,
  known: readonly string[],
  strays: readonly StrayRef[],
): Promise<Result<string[]>> {
  const tips = await commitsOf(own, strays)
  if (!tips.ok) return tips
  const at = await headCommit(own, name)
  if (!at.ok) return at
  const all = new Set([...(at.value === null ? [] : [at.value]), ...tips.value])
  const left: string[] = []
  for (const commit of all) {
    const isKept = await isAmong(own, commit, [...known, ...left])
    if (!isKept.ok) return isKept
    if (!isKept.value) left.push(commit)
  }
  return ok(left)
}

async function headCommit(own: OwnRepository, name: string): Promise<Result<string | null>> {
  const head = readTextSafe(path.join(adminOf(own, name), 'HEAD'), { maxBytes: 1 << 12 })
  const said = head.ok ? head.value.trim().replace(/^ref: */, '') : ''
  if (!/^(?:refs\/[^\s:?*[\\^~]+|[0-9a-f]{40,64})$/.test(said)) return ok(null)
  return refAt(own, `${said}^{commit}`)
}

async function isAmong(
  own: OwnRepository,
  commit: string,
  known: readonly string[],
): Promise<Result<boolean>> {
  for (const one of known) {
    const isOld = await isAncestor(own, commit, one)
    if (!isOld.ok || isOld.value) return isOld
  }
  return ok(false)
}
