import fs from 'node:fs'
import { type Result, fail } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { heldBy } from './held.ts'
import { writeTree } from './settle.ts'
import type { OwnRepository } from './types.ts'

/**
 * The files of a tree or commit in a new directory, for somebody who only reads: it is no work tree of any repository, and nothing
 * that is written there comes back. Codes: worktree-failed, and those of git.
 */
export async function exportTree(own: OwnRepository, tree: string, dir: string): Promise<Result<void>> {
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  } catch (error) {
    return fail('worktree-failed', `${dir} could not be made: ${systemWords(error)}`)
  }
  const held = await heldBy(own, tree)
  if (!held.ok) return held
  const place = { dir, index: `${dir}.index` }
  const written = await writeTree(own, place, tree, held.value)
  fs.rmSync(place.index, { force: true })
  return written
}
