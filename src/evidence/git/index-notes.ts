import path from 'node:path'
import { sha256 } from '../../base/hash.ts'
import { parseJson } from '../../base/json.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import { isKnownIndex } from '../baseline-shape.ts'
import type { KnownIndex } from './index.ts'
import type { Repo } from './repo.ts'

/**
 * What an earlier look noted about this index, kept in the scratch: any `git status` rewrites the index, and listing a
 * hundred thousand entries costs more than the rest of a stop. Only a note for exactly this state counts.
 */
export function recallIndex(repo: Repo, dir: string, key: string | null): KnownIndex | null {
  const text = key === null ? null : readTextSafe(notesFile(repo, dir), { maxBytes: 8 << 20 })
  const json = text?.ok ? parseJson(text.value, 'index notes') : null
  return json?.ok && isKnownIndex(json.value) && json.value.checksum === key ? json.value : null
}

/** Best effort: what cannot be kept is listed again. */
export function rememberIndex(repo: Repo, dir: string, known: KnownIndex | null): void {
  if (known === null) return
  try {
    writeFileWhole(notesFile(repo, dir), JSON.stringify(known))
  } catch {
    // A full disk costs time, nothing else.
  }
}

function notesFile(repo: Repo, dir: string): string {
  return path.join(dir, `index-${sha256(`${repo.gitDir}\0${repo.prefix}`).slice(0, 16)}.json`)
}
