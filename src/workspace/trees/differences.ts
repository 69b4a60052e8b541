import { type Result, ok } from '../../base/result.ts'
import { type RawChange, parseRaw } from '../../evidence/git/parse.ts'
import { gitObjects } from './git.ts'
import type { OwnRepository } from './types.ts'

/** How two commits or trees differ, path by path; a rename is one that goes and one that comes. Codes: those of git. */
export async function differencesOf(own: OwnRepository, a: string, b: string): Promise<Result<RawChange[]>> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', a, b]
  const said = await gitObjects(own, { args })
  return said.ok ? ok(parseRaw(said.value)) : said
}
