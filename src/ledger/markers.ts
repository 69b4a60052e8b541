import fs from 'node:fs'
import path from 'node:path'
import { shellQuote } from '../base/shell-word.ts'
import { isObject, parseJson } from '../base/json.ts'
import { errno, readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { sessionKey } from '../base/session-id.ts'
import { syncDirectory, writeFileWhole } from '../base/write-file.ts'
import type { Activation } from './events.ts'
import { namesIn } from './home.ts'
import { type SessionPaths, brokenRecordFix, homePaths, nonceHashOf, sessionPathsOfKey } from './paths.ts'
import { shapeProblem } from './shape.ts'

/** A run is open. Its file in `armed/` makes the shim start us; it holds all that is needed to finish a cut-short start. */
export interface Marker {
  readonly v: 1
  /** The activation is in the ledger: a ledger without it is then a ledger that was taken away. */
  readonly started: boolean
  readonly activation: Activation
  readonly at: number
}

const maxBytes = 64 * 1024 * 1024

/** Null when there is none. Codes: marker-unreadable. */
export function readMarker(paths: SessionPaths): Result<Marker | null> {
  const read = readTextSafe(paths.marker, { maxBytes })
  if (!read.ok) return read.error.code === 'missing' ? ok(null) : unreadable(paths, read.error.message)
  const json = parseJson(read.value, paths.marker)
  if (!json.ok) return unreadable(paths, json.error.message)
  const problem = markerProblem(json.value, paths.key)
  return problem ? unreadable(paths, `${paths.marker}: ${problem}`) : ok(json.value as Marker)
}

function markerProblem(value: unknown, key: string): string | null {
  if (!isObject(value)) return 'not an object'
  if (value['v'] !== 1) return `version ${JSON.stringify(value['v'])} is unknown to this version`
  if (typeof value['started'] !== 'boolean' || typeof value['at'] !== 'number') return 'members are missing'
  const problem = shapeProblem('activated', value['activation'])
  if (problem) return problem
  return sessionKey((value['activation'] as Activation).sessionId) === key
    ? null
    : 'it belongs to another session'
}

function unreadable(paths: SessionPaths, why: string): Result<never> {
  return fail('marker-unreadable', `the marker of this session cannot be read: ${why}`, {
    fix: brokenRecordFix,
    data: { marker: paths.marker },
  })
}

/** Writes or replaces the marker, on the disk when this returns. Throws on a system error. */
export function writeMarker(paths: SessionPaths, marker: Marker): void {
  fs.mkdirSync(path.dirname(paths.marker), { recursive: true, mode: 0o700 })
  writeFileWhole(paths.marker, JSON.stringify(marker))
  fs.mkdirSync(paths.dir, { recursive: true, mode: 0o700 })
  fs.closeSync(fs.openSync(paths.openFlag, 'a', 0o600))
}

/** Removes the marker whatever it is; one that is gone already is fine. Codes: marker-stuck. */
export function removeMarker(paths: SessionPaths): Result<void> {
  try {
    fs.rmSync(paths.marker, { force: true })
    fs.rmSync(paths.openFlag, { force: true })
    syncDirectory(path.dirname(paths.marker))
    return ok(undefined)
  } catch (error) {
    if (errno(error) === 'ENOENT') return ok(undefined)
    return fail('marker-stuck', `${paths.marker} could not be removed: ${errno(error)}`, {
      fix: `rm -rf ${shellQuote(paths.marker)}`,
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
