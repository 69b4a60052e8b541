import { type Result, ok } from '../../base/result.ts'
import { commitPaths } from '../../evidence/git/sides.ts'
import { attributesOf } from './attributes.ts'
import { repoOf } from './git.ts'
import type { OwnRepository } from './types.ts'

/** The filters through which files of a commit are stored, by name and sorted: `lfs`. Codes: those of git. */
export async function filtersOf(own: OwnRepository, commit: string): Promise<Result<readonly string[]>> {
  const held = await commitPaths(repoOf(own), own.shadow, commit)
  if (!held.ok) return held
  const files = [...held.value].flatMap(([path, blob]) => (blob === null || blob.kind === 'l' ? [] : [path]))
  const filters = await attributesOf(own, held.value, 'filter', files)
  if (!filters.ok) return filters
  const none = new Set(['set', 'unset', 'unspecified', ''])
  return ok([...new Set(filters.value.filter((name) => !none.has(name)))].sort())
}

/** The submodules of a commit, by path and sorted. Codes: those of git. */
export async function gitlinksOf(own: OwnRepository, commit: string): Promise<Result<readonly string[]>> {
  const held = await commitPaths(repoOf(own), own.shadow, commit)
  if (!held.ok) return held
  return ok([...held.value].flatMap(([path, blob]) => (blob === null ? [path] : [])).sort())
}
