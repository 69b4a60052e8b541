import { type Result, ok } from '../../base/result.ts'
import { readBlobs } from '../../evidence/git/blobs.ts'
import { commitSides } from '../../evidence/git/sides.ts'
import { repoOf } from './git.ts'
import type { OwnRepository } from './types.ts'

const MOST = 1 << 28

/** Texts of files in a commit or tree, in the order of the paths; null for one that is not there. Codes: those of git. */
export async function textsAt(
  own: OwnRepository,
  tree: string,
  paths: readonly string[],
): Promise<Result<readonly (string | null)[]>> {
  const sides = await commitSides(repoOf(own), own.shadow, tree, [...paths])
  if (!sides.ok) return sides
  const oids = paths.map((one) => sides.value.get(one)?.oid ?? null)
  const read = await readBlobs(
    repoOf(own),
    own.shadow,
    oids.flatMap((oid) => oid ?? []),
    MOST,
  )
  if (!read.ok) return read
  const texts = read.value.values()
  return ok(oids.map((oid) => (oid === null ? null : (texts.next().value?.toString('latin1') ?? null))))
}
