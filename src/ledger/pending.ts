import fs from 'node:fs'
import path from 'node:path'
import { isObject, parseJson } from '../base/json.ts'
import { errno, readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { syncDirectory, writeFileWhole } from '../base/write-file.ts'
import { homePaths, nonceHashOf, pendingMarkerPath } from './paths.ts'

const maxBytes = 64 * 1024 * 1024

/** A request that waits in `armed/` for a session to show its token. What it holds is control's business, but for `at`. */
export interface Pending {
  readonly nonceHash: string
  readonly content: Result<unknown>
  /** When it was left, in ms: its member `at`, or the file's time where that cannot be read. */
  readonly at: number
}

/** Leaves a request; on the disk when this returns. `content` is JSON with a member `at` (ms). Throws on a system error. */
export function writePending(home: string, nonceHash: string, content: object): void {
  const file = pendingMarkerPath(home, nonceHash)
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  writeFileWhole(file, JSON.stringify(content))
}

/** The JSON of a request, its members unchecked. Codes: missing, pending-unreadable. */
export function readPending(home: string, nonceHash: string): Result<unknown> {
  const file = pendingMarkerPath(home, nonceHash)
  const read = readTextSafe(file, { maxBytes })
  const json = read.ok ? parseJson(read.value, file) : read
  if (json.ok || json.error.code === 'missing') return json
  return fail('pending-unreadable', `the pending request cannot be read: ${json.error.message}`, {
    fix: `rm '${file}'`,
  })
}

/** Removes a request that was claimed. One that is gone already is fine. Throws on a system error. */
export function removePending(home: string, nonceHash: string): void {
  const file = pendingMarkerPath(home, nonceHash)
  fs.rmSync(file, { force: true })
  if (fs.existsSync(path.dirname(file))) syncDirectory(path.dirname(file))
}

/** All unclaimed requests, oldest first. Codes: home-unreadable. */
export function listPending(home: string): Result<readonly Pending[]> {
  const { armed } = homePaths(home)
  let names: string[]
  try {
    names = fs.readdirSync(armed)
  } catch (error) {
    if (errno(error) === 'ENOENT') return ok([])
    return fail('home-unreadable', `${armed} could not be read: ${errno(error)}`)
  }
  const found = names.flatMap((name): Pending[] => {
    const nonceHash = nonceHashOf(name)
    if (!nonceHash) return []
    const content = readPending(home, nonceHash)
    const at = content.ok && isObject(content.value) ? content.value['at'] : undefined
    const modified = fs.lstatSync(path.join(armed, name), { throwIfNoEntry: false })?.mtimeMs
    // Claimed since the listing.
    if (modified === undefined) return []
    return [{ nonceHash, content, at: typeof at === 'number' ? at : modified }]
  })
  return ok(found.sort((a, b) => a.at - b.at))
}
