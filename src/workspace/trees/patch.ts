import { type Result, ok } from '../../base/result.ts'
import { splitNul } from '../../evidence/git/parse.ts'
import { pathText } from '../../evidence/path-text.ts'
import { gitObjects } from './git.ts'
import type { OwnRepository } from './types.ts'

/** A path that differs, with lines that came and went; null of both: it is not text. */
export interface ChangedFile {
  readonly path: string
  readonly added: number | null
  readonly removed: number | null
}

const DIFF = ['diff-tree', '-r', '--no-renames', '--no-color', '--no-ext-diff', '--no-textconv']

/** How much two commits or trees differ; a rename is a path that goes and one that comes. Codes: those of git. */
export async function changedFiles(
  own: OwnRepository,
  a: string,
  b: string,
): Promise<Result<readonly ChangedFile[]>> {
  const said = await gitObjects(own, { args: [...DIFF, '--numstat', '-z', a, b] })
  if (!said.ok) return said
  return ok(
    splitNul(said.value).map((entry) => {
      const text = pathText(entry)
      const [added = '-', removed = '-', ...name] = text.split('\t')
      return { path: name.join('\t'), added: countOf(added), removed: countOf(removed) }
    }),
  )
}

const countOf = (text: string): number | null => (text === '-' ? null : Number(text))

/** The difference as a patch that `git apply` takes. Codes: those of git (git-output-too-large: longer than `most` bytes). */
export function patchBetween(
  own: OwnRepository,
  a: string,
  b: string,
  most: number,
): Promise<Result<Buffer>> {
  const args = [...DIFF, '-p', '--binary', '--full-index', '--src-prefix=a/', '--dst-prefix=b/', a, b]
  return gitObjects(own, { args, maxBytes: most })
}

/** The same for somebody who reads it: of what is no text it says only that it differs. Codes: as of patchBetween. */
export function readablePatch(
  own: OwnRepository,
  a: string,
  b: string,
  most: number,
): Promise<Result<Buffer>> {
  const args = [...DIFF, '-p', '--src-prefix=a/', '--dst-prefix=b/', a, b]
  return gitObjects(own, { args, maxBytes: most })
}
