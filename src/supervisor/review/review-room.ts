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

/** Codes: batch-unwritable, those of exportTree. */
export async function openReviewRoom(
  own: OwnRepository,
  name: string,
  { base, tree }: { readonly base: string; readonly tree: string },
): Promise<Result<ReviewRoom>> {
  const dir = emptyRoom(own, name)
  if (!dir.ok) return dir
  const [after, before] = [path.join(dir.value, 'after'), path.join(dir.value, 'before')]
  for (const [commit, to] of [
    [tree, after],
    [base, before],
  ] as const) {
    const written = await exportTree(own, commit, to)
    if (!written.ok) return written
  }
  return ok({ dir: dir.value, after, before, seat: (agent) => seatIn(dir.value, agent) })
}

/** What was left of an earlier one goes. Code: batch-unwritable. */
export function emptyRoom(own: Pick<OwnRepository, 'data'>, name: string): Result<string> {
  const dir = reviewRoomOf(own, name)
  try {
    removeOwned(dir)
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    return ok(dir)
  } catch (error) {
    return fail('batch-unwritable', `${dir} could not be made: ${systemWords(error)}`)
  }
}

/** Made if missing. Throws what the disk says. */
export function seatIn(dir: string, agent: string): Seat {
  const at = (one: string): string => path.join(dir, `seat-${agent}`, one)
  for (const one of [at('empty'), at('scratch')]) fs.mkdirSync(one, { recursive: true, mode: 0o700 })
  return { workspace: at('empty'), scratch: at('scratch'), promptFile: at('prompt.md') }
}
