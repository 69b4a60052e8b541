import fs from 'node:fs'
import path from 'node:path'
import { makeOwned, removeOwned } from '../../base/owned-directory.ts'
import { type Result, ok } from '../../base/result.ts'
import { readBlobs } from '../../evidence/git/blobs.ts'
import { splitNul } from '../../evidence/git/parse.ts'
import { fsPath, pathBytes } from '../../evidence/path-text.ts'
import { gitIn, repoOf } from './git.ts'
import type { Held } from './rules.ts'
import type { OwnRepository } from './types.ts'

/** Of all `.gitattributes` files of a commit together. Bytes. */
const MOST = 64 << 20

/**
 * What a commit's own `.gitattributes` files say of one attribute, for each of these paths in the same order: its value, or `set`,
 * `unset`, `unspecified`. Nothing else that git would ask has a say. Codes: those of git.
 */
export async function attributesOf(
  own: OwnRepository,
  held: Held,
  attribute: string,
  paths: readonly string[],
): Promise<Result<string[]>> {
  const files = [...held].flatMap(([file, blob]): [string, string][] =>
    /(?:^|\/)\.gitattributes$/.test(file) && blob !== null && blob.kind !== 'l' ? [[file, blob.oid]] : [],
  )
  if (files.length === 0 || paths.length === 0) return ok(paths.map(() => 'unspecified'))
  const texts = await readBlobs(
    repoOf(own),
    own.shadow,
    files.map(([, oid]) => oid),
    MOST,
  )
  if (!texts.ok) return texts
  // Most commits have such files for other things. `binary` is git's own word for several attributes.
  if (!texts.value.some((text) => text?.includes(attribute) || text?.includes('binary')))
    return ok(paths.map(() => 'unspecified'))
  const dir = makeOwned(path.join(own.data, 'scratch'))
  try {
    for (const [at, [file]] of files.entries()) {
      fs.mkdirSync(fsPath(dir, path.posix.dirname(file)), { recursive: true })
      fs.writeFileSync(fsPath(dir, file), texts.value[at] ?? '')
    }
    const input = Buffer.concat(paths.flatMap((one) => [pathBytes(one), Buffer.from([0])]))
    const said = await gitIn(
      own,
      { dir, index: `${dir}.index` },
      { args: ['check-attr', '-z', '--stdin', attribute], input },
    )
    if (!said.ok) return said
    const fields = splitNul(said.value)
    return ok(paths.map((_path, at) => String(fields[at * 3 + 2])))
  } finally {
    removeOwned(dir)
  }
}
