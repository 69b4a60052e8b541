import fs from 'node:fs'
import path from 'node:path'
import { removeOwned } from '../../base/owned-directory.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { exportTree } from '../../workspace/trees/export-tree.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'

/** Where the reviews of one attempt take place, out of every repository. */
export interface ReviewRoom {
  readonly dir: string
  /** The files with the change, and before it. Copies: what is written there goes nowhere. */
  readonly after: string
  readonly before: string
  /** A reviewer's own directories, empty. */
  readonly seat: (agent: string) => Seat
}

export interface Seat {
  /** It starts here, and nothing is in it. */
  readonly workspace: string
  readonly scratch: string
  readonly promptFile: string
}

export const reviewRoomOf = (own: Pick<OwnRepository, 'data'>, name: string): string =>
  path.join(own.data, 'reviews', name)

/** What was left of an earlier one goes. Codes: batch-unwritable, those of exportTree. */
export async function openReviewRoom(
  own: OwnRepository,
  name: string,
  { base, tree }: { readonly base: string; readonly tree: string },
): Promise<Result<ReviewRoom>> {
  const dir = reviewRoomOf(own, name)
  const [after, before] = [path.join(dir, 'after'), path.join(dir, 'before')]
  try {
    removeOwned(dir)
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  } catch (error) {
    return fail('batch-unwritable', `${dir} could not be made: ${systemWords(error)}`)
  }
  for (const [commit, to] of [
    [tree, after],
    [base, before],
  ] as const) {
    const written = await exportTree(own, commit, to)
    if (!written.ok) return written
  }
  const seat = (agent: string): Seat => {
    const place = path.join(dir, `seat-${agent}`)
    const at = (one: string): string => path.join(place, one)
    for (const one of [at('empty'), at('scratch')]) fs.mkdirSync(one, { recursive: true, mode: 0o700 })
    return { workspace: at('empty'), scratch: at('scratch'), promptFile: at('prompt.md') }
  }
  return ok({ dir, after, before, seat })
}
