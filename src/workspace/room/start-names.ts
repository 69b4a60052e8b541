import { type Result, ok } from '../../base/result.ts'
import { isEditors } from '../../evidence/editors.ts'
import type { Blob } from '../../evidence/git/parse.ts'
import type { Repo } from '../../evidence/git/repo.ts'
import { openStart } from '../../evidence/git/start.ts'
import type { Baseline, EvidenceOptions, GitBaseline } from '../../evidence/types.ts'

/** The repository that a room stands for, and its start. */
export interface RoomSource {
  readonly repo: Repo
  readonly base: GitBaseline
}

/** Names that differences are told from, relative to the top: what was tracked at the start, and what lay beside it. */
export async function startNames(
  root: string,
  baselines: readonly Baseline[],
  source: RoomSource | null,
  options: EvidenceOptions,
): Promise<
  Result<{ readonly names: ReadonlySet<string>; readonly tracked: ReadonlyMap<string, Blob | null> }>
> {
  const prefix = source?.repo.prefix ?? ''
  const names = new Set<string>()
  for (const { entries } of baselines)
    for (const [file, kind, hash, stat] of entries)
      // What an editor left may be gone, and nothing tells of it.
      if (kind !== '-' && !isEditors(file, { kind, hash, stat }, [])) names.add(prefix + file)
  if (source === null) return ok({ names, tracked: new Map([...names].map((name) => [name, null])) })
  const opened = openStart(root, [source.base], options)
  if (!opened.ok) return opened
  const held = await opened.value.start.held.all()
  if (!held.ok) return held
  for (const file of held.value.keys()) names.add(file)
  return ok({ names, tracked: held.value })
}
