import path from 'node:path'
import { isObject, parseJson } from '../../base/json.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { IndexView } from './index-view.ts'
import { indexKey } from './index.ts'
import type { Listing } from './listing.ts'
import { type Repo, repoAt } from './repo.ts'
import { runGit } from './run.ts'
import type { Shadow } from './shadow.ts'

/**
 * Names in the repository's own index that the list lacks; none while it is as it was at the start, or where git cannot read
 * it. What was found is kept for exactly this state of the index: listing it costs as much as the rest of a look.
 */
export async function addedSince(
  repo: Repo,
  shadow: Shadow,
  listing: Listing,
  view: IndexView,
): Promise<readonly string[]> {
  const own = repoAt(repo.top)
  const key = own && indexKey(own)
  if (own === null || (key !== null && key === listing.source)) return []
  const notes = path.join(shadow.dir, `added-${listing.sha256.slice(0, 16)}.json`)
  const noted = key === null ? null : readTextSafe(notes, { maxBytes: 8 << 20 })
  const known = noted?.ok ? parseJson(noted.value, notes) : null
  if (known?.ok && isObject(known.value) && known.value['key'] === key && isTexts(known.value['names']))
    return known.value['names']
  const within = repo.prefix === '' ? [] : ['--', repo.prefix]
  const listed = await runGit(own, shadow, { args: ['ls-files', '-z', ...within] })
  if (!listed.ok) return []
  const names = view.lacking(listed.value)
  if (key !== null && indexKey(own) === key) keep(notes, JSON.stringify({ key, names }))
  return names
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one: unknown) => typeof one === 'string')
}

/** Best effort: what cannot be kept is asked for again. */
function keep(file: string, text: string): void {
  try {
    writeFileWhole(file, text)
  } catch {
    // A full disk costs time, nothing else.
  }
}
