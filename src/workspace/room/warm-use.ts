import type { Change } from '../../evidence/types.ts'
import { isDefinitionShaped } from '../definition-shaped.ts'
import { directoriesOf, isAtOrBelow } from '../layer.ts'

/** What of a candidate decides whether it may have what was made of the start. */
export interface WarmCandidate {
  readonly changes: readonly Pick<Change, 'path' | 'kind'>[]
  /** All files of its room, relative to the root. */
  readonly files: ReadonlySet<string>
}

/**
 * Whether a warm layer may lie above a candidate: only sources differ, none of the start is gone, and nothing of the candidate is where
 * the layer has something. What was made of a source that is gone, or under other settings, would stay unnoticed. `warm`: files
 * of the layer. Pure.
 */
export function mayBeWarm({ changes, files }: WarmCandidate, warm: readonly string[]): boolean {
  const added = new Set(changes.filter(({ kind }) => kind === 'added').map(({ path }) => path))
  const atStart = [...files].filter((file) => !added.has(file))
  const sources = directoriesOf(atStart)
  if (changes.some(({ kind }) => kind !== 'added' && kind !== 'modified')) return false
  if (changes.some(({ path }) => isDefinitionShaped(path, sources))) return false
  const made = new Set([...directoriesOf(warm)].filter((dir) => !sources.has(dir)))
  const has = new Set(warm)
  const directories = directoriesOf(files)
  return (
    ![...added].some((file) => isAtOrBelow(file, made) || isAtOrBelow(file, has)) &&
    !warm.some((file) => files.has(file) || directories.has(file))
  )
}
