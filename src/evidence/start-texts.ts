import { type Result, ok } from '../base/result.ts'
import { readFileSafe } from '../base/read-file.ts'
import { readBlobs } from './git/blobs.ts'
import { openStart } from './git/start.ts'
import { fsPath } from './path-text.ts'
import type { Baseline, EvidenceOptions, StartText } from './types.ts'

/** Of one file whose parts are compared. Bytes. */
export const MOST_TEXT = 4 << 20

/** Texts of files as they are now, for a baseline; those that are no files of text are left out. */
export function captureTexts(root: string, paths: readonly string[]): readonly StartText[] {
  return [...new Set(paths)].sort().flatMap((path): StartText[] => {
    const bytes = readFileSafe(fsPath(root, path) as string, { maxBytes: MOST_TEXT })
    const text = bytes.ok ? textOf(bytes.value) : null
    return text === null ? [] : [[path, text]]
  })
}

/**
 * Texts that files had at the last of these baselines: as it kept them, else out of the repository by the name of their content, which
 * is computed again: whoever writes `.git` may put anything under a name. A path without one is left out.
 */
export async function startTexts(
  root: string,
  baselines: readonly Baseline[],
  paths: readonly string[],
  options: EvidenceOptions,
): Promise<Result<ReadonlyMap<string, string>>> {
  const last = baselines.at(-1)
  const kept = new Map<string, string>(last?.texts ?? [])
  const found = new Map(paths.flatMap((path) => (kept.has(path) ? [[path, kept.get(path) ?? '']] : [])))
  const missing = paths.filter((path) => !found.has(path))
  if (last?.kind !== 'git' || missing.length === 0) return ok(found)
  const opened = openStart(root, [last], options)
  if (!opened.ok) return opened
  const { start, shadow } = opened.value
  const { prefix } = start.repo
  const sides = await start.held.sides(missing.map((path) => prefix + path))
  if (!sides.ok) return sides
  const entries = new Map(last.entries.map(([path, kind, hash]) => [path, kind === '-' ? null : hash]))
  const wanted = missing.flatMap((path): [string, string][] => {
    const oid = entries.has(path) ? entries.get(path) : sides.value.get(prefix + path)?.oid
    return oid ? [[path, oid]] : []
  })
  const blobs = await readBlobs(
    start.repo,
    shadow,
    wanted.map(([, oid]) => oid),
    MOST_TEXT * Math.max(1, wanted.length),
  )
  if (!blobs.ok) return blobs
  wanted.forEach(([path], index) => {
    const bytes = blobs.value[index]
    const text = bytes && bytes.length <= MOST_TEXT ? textOf(bytes) : null
    if (text !== null) found.set(path, text)
  })
  return ok(found)
}

/** Null for what is not UTF-8: two readers would see two texts. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
