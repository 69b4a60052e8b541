import { type Result, ok } from '../../base/result.ts'
import { readBlobs } from '../../evidence/git/blobs.ts'
import type { Blob } from '../../evidence/git/parse.ts'
import { pathText } from '../../evidence/path-text.ts'
import type { IgnoreFile } from '../../evidence/types.ts'
import { repoOf } from './git.ts'
import type { OwnRepository } from './types.ts'

/** What a commit holds: path → content; null for a submodule. */
export type Held = ReadonlyMap<string, Blob | null>

/** Of all `.gitignore` files of a commit together. Bytes. */
const MOST = 64 << 20

/** The `.gitignore` files of a commit. Whatever lies in a work tree of it says nothing about what is ignored. */
export async function ignoreFilesIn(own: OwnRepository, held: Held): Promise<Result<IgnoreFile[]>> {
  const files = [...held].flatMap(([path, blob]): [string, string][] =>
    (path === '.gitignore' || path.endsWith('/.gitignore')) && blob !== null && blob.kind !== 'l'
      ? [[path, blob.oid]]
      : [],
  )
  const texts = await readBlobs(
    repoOf(own),
    own.shadow,
    files.map(([, oid]) => oid),
    MOST,
  )
  if (!texts.ok) return texts
  return ok(
    files.flatMap(([path], at): IgnoreFile[] => {
      const text = texts.value[at]
      return text ? [[path, pathText(text)]] : []
    }),
  )
}
