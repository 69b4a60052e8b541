import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { errno, readTextSafe } from '../../base/read-file.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import type { Journal, LandTree } from './land-journal.ts'

export function newToken(): string {
  return `autonomous-loop ${randomBytes(16).toString('hex')}\n`
}

const lockOf = ({ gitDir }: LandTree): string => path.join(gitDir, 'index.lock')

/** Takes git's own lock of each index, so that no git changes one meanwhile. All or none. Codes: land-refused. */
export function lockTrees(journal: Journal): Result<void> {
  for (const tree of journal.trees) {
    try {
      fs.writeFileSync(lockOf(tree), journal.token, { flag: 'wx' })
    } catch (error) {
      if (errno(error) === 'unknown') throw error
      unlockTrees(journal)
      const why = errno(error) === 'EEXIST' ? 'git is at work there' : systemWords(error)
      return fail('land-refused', `the index of ${tree.top} cannot be locked (${lockOf(tree)}): ${why}`)
    }
  }
  return ok(undefined)
}

/** Whether the lock of this index is still the one that we took. */
export function isLocked({ token }: Journal, tree: LandTree): boolean {
  const read = readTextSafe(lockOf(tree), { maxBytes: 1 << 10 })
  return read.ok && read.value === token
}

/** Gives back those that are ours. */
export function unlockTrees(journal: Journal): void {
  for (const tree of journal.trees) if (isLocked(journal, tree)) fs.rmSync(lockOf(tree), { force: true })
}
