import fs from 'node:fs'
import path from 'node:path'
import { shellQuote } from '../base/shell-word.ts'
import { isObject, parseJson } from '../base/json.ts'
import { errno, readTextSafe } from '../base/read-file.ts'
import { systemWords } from '../base/system-words.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { sessionKey } from '../base/session-id.ts'
import { syncDirectory, writeFileWhole } from '../base/write-file.ts'
import { modernActivation } from './before-04.ts'
import { type SessionActivation, sessionOf } from './events.ts'
import { namesIn } from '../base/names-in.ts'
import { type Hold, brokenRecordFix, homePaths, nonceHashOf, sessionPathsOfKey } from './paths.ts'
import { shapeProblem } from './shape.ts'

/** A run is open. Its file in `armed/` makes the shim start us; it holds all that is needed to finish a cut-short start. */
export interface Marker {
  readonly v: 1
  /** The activation is in the ledger: a ledger without it is then a ledger that was taken away. */
  readonly started: boolean
  readonly activation: SessionActivation
  readonly at: number
}

const maxBytes = 64 * 1024 * 1024

/** Null when there is none. Codes: marker-unreadable. */
export function readMarker(hold: Hold): Result<Marker | null> {
  const read = readTextSafe(hold.marker, { maxBytes })
  if (!read.ok) return read.error.code === 'missing' ? ok(null) : unreadable(hold, read.error.message)
  const json = parseJson(read.value, hold.marker)
  if (!json.ok) return unreadable(hold, json.error.message)
  const problem = shapeOf(json.value)
  if (problem) return unreadable(hold, `${hold.marker}: ${problem}`)
  const marker = json.value as Marker
  const activation = modernActivation(marker.activation) as SessionActivation
  const session = sessionOf(activation)
  return session !== null && sessionKey(session) === hold.key
    ? ok({ ...marker, activation })
    : unreadable(hold, `${hold.marker}: it belongs to another session`)
}

function shapeOf(value: unknown): string | null {
  if (!isObject(value)) return 'not an object'
  if (value['v'] !== 1) return `version ${JSON.stringify(value['v'])} is unknown to this version`
  if (typeof value['started'] !== 'boolean' || typeof value['at'] !== 'number') return 'members are missing'
  return shapeProblem('activated', value['activation'])
}

function unreadable(hold: Hold, why: string): Result<never> {
  return fail('marker-unreadable', `the marker of this session cannot be read: ${why}`, {
    fix: brokenRecordFix,
    data: { marker: hold.marker },
  })
}

/** Writes or replaces the marker, on the disk when this returns. Throws on a system error. */
export function writeMarker(hold: Hold, marker: Marker): void {
  fs.mkdirSync(path.dirname(hold.marker), { recursive: true, mode: 0o700 })
  writeFileWhole(hold.marker, JSON.stringify(marker))
  fs.mkdirSync(path.dirname(hold.openFlag), { recursive: true, mode: 0o700 })
  fs.closeSync(fs.openSync(hold.openFlag, 'a', 0o600))
}

/** Removes the marker whatever it is; one that is gone already is fine. Codes: marker-stuck. */
export function removeMarker(hold: Hold): Result<void> {
  try {
    fs.rmSync(hold.marker, { force: true })
    fs.rmSync(hold.openFlag, { force: true })
    syncDirectory(path.dirname(hold.marker))
    return ok(undefined)
  } catch (error) {
    if (errno(error) === 'ENOENT') return ok(undefined)
    return fail('marker-stuck', `${hold.marker} could not be removed: ${systemWords(error)}`, {
      fix: `rm -rf ${shellQuote(hold.marker)}`,
    })
  }
}

/** Names in `armed/` that are no pending requests, sorted. */
export function listMarkerKeys(home: string): readonly string[] {
  // Half-written replacements of writeFileWhole have a dot in their names, session keys never.
  return namesIn(homePaths(home).armed).filter((name) => !nonceHashOf(name) && !name.includes('.'))
}

/** All markers that can be read, in the order of their names; what cannot be read is in listSessions. */
export function listMarkers(home: string): readonly Marker[] {
  return listMarkerKeys(home).flatMap((key) => {
    const marker = readMarker(sessionPathsOfKey(home, key))
    return marker.ok && marker.value ? [marker.value] : []
  })
}
