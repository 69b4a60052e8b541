import { createHash } from 'node:crypto'
import { type Result, ok } from '../../base/result.ts'
import { parseBatch } from './parse.ts'
import type { Repo } from './repo.ts'
import { runGit } from './run.ts'
import type { Shadow } from './shadow.ts'

/**
 * Bytes of blobs by their names; null for one that is not there (a person's `gc` took it) or that is not what its name says
 * (git does not look, so whoever writes `.git` may put anything under a name).
 */
export async function readBlobs(
  repo: Repo,
  shadow: Shadow,
  oids: readonly string[],
  maxBytes: number,
): Promise<Result<(Buffer | null)[]>> {
  if (oids.length === 0) return ok([])
  const asked = await runGit(repo, shadow, {
    args: ['cat-file', '--batch'],
    input: Buffer.from(oids.map((oid) => `${oid}\n`).join('')),
    maxBytes,
  })
  if (!asked.ok) return asked
  const texts = parseBatch(asked.value)
  return ok(
    oids.map((oid, at) => {
      const bytes = texts[at]
      if (!bytes) return null
      const hash = createHash(repo.format).update(`blob ${bytes.length}\0`).update(bytes)
      return hash.digest('hex') === oid ? bytes : null
    }),
  )
}
