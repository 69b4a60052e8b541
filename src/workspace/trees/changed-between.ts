import { type Result, ok } from '../../base/result.ts'
import { splitNul } from '../../evidence/git/parse.ts'
import { pathText } from '../../evidence/path-text.ts'
import { gitOwn } from './git.ts'
import type { OwnRepository } from './types.ts'

/** Paths that differ between two trees or commits, from the top, both sides of a rename among them. Codes: those of git. */
export async function changedBetween(
  own: OwnRepository,
  a: string,
  b: string,
): Promise<Result<readonly string[]>> {
  const asked = await gitOwn(own, { args: ['diff-tree', '-r', '-z', '--no-renames', '--name-only', a, b] })
  return asked.ok ? ok(splitNul(asked.value).map(pathText)) : asked
}
