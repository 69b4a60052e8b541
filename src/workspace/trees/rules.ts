import path from 'node:path'
import { sha256 } from '../../base/hash.ts'
import { type Result, ok } from '../../base/result.ts'
import { readBlobs } from '../../evidence/git/blobs.ts'
import { type Blob, splitNul } from '../../evidence/git/parse.ts'
import { writeFileOnce } from '../../evidence/git/shadow.ts'
import { ignoreRules } from '../../evidence/ignore-rules.ts'
import { pathText } from '../../evidence/path-text.ts'
import type { IgnoreFile } from '../../evidence/types.ts'
import { gitIn, repoOf } from './git.ts'
import type { OwnRepository, TreePlace } from './types.ts'

/** What a commit holds: path → content; null for a submodule. */
export type Held = ReadonlyMap<string, Blob | null>

/** Of all `.gitignore` files of a commit together. Bytes. */
const MOST = 64 << 20

/** The `.gitignore` files of a commit. Whatever lies in a work tree of it says nothing about what is ignored. */
export async function ignoreFilesIn(own: OwnRepository, held: Held): Promise<Result<IgnoreFile[]>> {
  const files = [...held].flatMap(([file, blob]): [string, string][] =>
    (file === '.gitignore' || file.endsWith('/.gitignore')) && blob !== null && blob.kind !== 'l'
      ? [[file, blob.oid]]
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
    files.flatMap(([file], at): IgnoreFile[] => {
      const text = texts.value[at]
      return text ? [[file, pathText(text)]] : []
    }),
  )
}

/** What these rules ignore: files, and directories in which nothing is tracked. Codes: those of git. */
export async function ignoredIn(
  own: OwnRepository,
  place: TreePlace,
  files: readonly IgnoreFile[],
): Promise<Result<ReadonlySet<string>>> {
  const rules = ignoreRules(files)
  const file = path.join(own.data, 'settings', `ignores-${sha256(rules).slice(0, 16)}`)
  writeFileOnce(file, rules)
  const listed = await gitIn(own, place, {
    args: [
      'ls-files',
      '-z',
      '--others',
      '--ignored',
      '--directory',
      `--exclude-from=${own.shadow.excludesFile}`,
      `--exclude-from=${file}`,
    ],
  })
  if (!listed.ok) return listed
  return ok(new Set(splitNul(listed.value).map((name) => pathText(name).replace(/\/$/, ''))))
}
