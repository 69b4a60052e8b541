import path from 'node:path'
import { isObject, parseJson } from '../../base/json.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { BatchPaths } from '../batch/paths.ts'

/** Names the attempts of a batch whose logs `clean` removed, so that nobody wonders where they are. */
const removedFile = ({ dir }: BatchPaths): string => path.join(dir, 'logs-removed.json')

/** Attempts as their directories are called, `003-1`. */
export function removedLogs(batch: BatchPaths): ReadonlySet<string> {
  const text = readTextSafe(removedFile(batch), { maxBytes: 1 << 24 })
  const json = text.ok ? parseJson(text.value, 'logs-removed.json') : text
  const names = json.ok && isObject(json.value) ? json.value['attempts'] : null
  return new Set(Array.isArray(names) ? names.filter((one) => typeof one === 'string') : [])
}

/** Written before they go. Throws what the file system says. */
export function noteRemovedLogs(batch: BatchPaths, attempts: readonly string[], at: number): void {
  const all = [...new Set([...removedLogs(batch), ...attempts])].toSorted()
  writeFileWhole(removedFile(batch), `${JSON.stringify({ v: 1, at, attempts: all })}\n`)
}
