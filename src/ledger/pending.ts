import fs from 'node:fs'
import path from 'node:path'
import { shellQuote } from '../base/shell-word.ts'
import { type JsonObject, isObject, parseJson } from '../base/json.ts'
import { readTextSafe } from '../base/read-file.ts'
import { type Failure, type Result, fail, ok } from '../base/result.ts'
import { syncDirectory, writeFileWhole } from '../base/write-file.ts'
import { namesIn } from '../base/names-in.ts'
import { homePaths, nonceHashOf, pendingMarkerPath } from './paths.ts'

const maxBytes = 64 * 1024 * 1024

/** A request that waits in `armed/` for a session to show its token. What it holds is control's business, but for `at`. */
export interface Pending {
  readonly nonceHash: string
  readonly content: JsonObject
  /** Why it cannot be read; `content` is empty then. */
  readonly failure: Failure | null
  /** When it was left, in ms: its member `at`, or the file's time where that cannot be read. */
  readonly at: number
}

/** Leaves a request; on the disk when this returns. `content` is JSON with a member `at` (ms). Throws on a system error. */
export function writePending(home: string, nonceHash: string, content: object): void {
  const file = pendingMarkerPath(home, nonceHash)
  const { requests } = homePaths(home)
  for (const dir of [path.dirname(file), requests]) fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  // Made elsewhere: what a crash leaves of it in `armed/` would make every hook of every session start node for ever.
  const made = path.join(requests, path.basename(file))
  writeFileWhole(made, JSON.stringify(content))
  fs.renameSync(made, file)
  syncDirectory(path.dirname(file))
}

/** The JSON object of a request, its members unchecked. Codes: missing, pending-unreadable. */
export function readPending(home: string, nonceHash: string): Result<JsonObject> {
  const file = pendingMarkerPath(home, nonceHash)
  const read = readTextSafe(file, { maxBytes })
  const json = read.ok ? parseJson(read.value, file) : read
  if (json.ok && isObject(json.value)) return ok(json.value)
  if (!json.ok && json.error.code === 'missing') return fail('missing', json.error.message)
  const why = json.ok ? 'it is not an object' : json.error.message
  return fail('pending-unreadable', `the pending request cannot be read: ${why}`, {
    fix: `rm ${shellQuote(file)}`,
  })
}

/** Removes a request that was claimed. One that is gone already is fine. Throws on a system error. */
export function removePending(home: string, nonceHash: string): void {
  const file = pendingMarkerPath(home, nonceHash)
  fs.rmSync(file, { force: true })
  if (fs.existsSync(path.dirname(file))) syncDirectory(path.dirname(file))
}

/** All unclaimed requests, oldest first; none where `armed/` cannot be listed. */
export function listPending(home: string): readonly Pending[] {
  const { armed } = homePaths(home)
  const found = namesIn(armed).flatMap((name): Pending[] => {
    const nonceHash = nonceHashOf(name)
    const modified = fs.lstatSync(path.join(armed, name), { throwIfNoEntry: false })?.mtimeMs
    // Claimed since the listing.
    if (!nonceHash || modified === undefined) return []
    const content = readPending(home, nonceHash)
    if (!content.ok) return [{ nonceHash, content: {}, failure: content.error, at: modified }]
    const at = content.value['at']
    return [{ nonceHash, content: content.value, failure: null, at: typeof at === 'number' ? at : modified }]
  })
  return found.sort((a, b) => a.at - b.at)
}
