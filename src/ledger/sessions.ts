import fs from 'node:fs'
import type { Result } from '../base/result.ts'
import { namesIn } from '../base/names-in.ts'
import type { SessionRecord } from './look.ts'
import { listMarkerKeys } from './markers.ts'
import { homePaths, sessionPaths, sessionPathsOfKey } from './paths.ts'
import { readRecord } from './store.ts'

export interface ListedSession {
  /** Safe file name of the session; its id stands in the activation of each run. */
  readonly key: string
  readonly session: Result<SessionRecord>
}

/** Every session that has a record, or a marker without one, in the order of their names. Reads only. */
export function listSessions(home: string): readonly ListedSession[] {
  const keys = new Set([...namesIn(homePaths(home).sessions), ...listMarkerKeys(home)])
  return [...keys].sort().map((key) => ({ key, session: readRecord(sessionPathsOfKey(home, key)) }))
}

/** Whether a session may have a run: it has a marker or a ledger, whatever these hold, or nobody can tell. */
export function isHeld(home: string, sessionId: string): boolean {
  const { marker, ledger } = sessionPaths(home, sessionId)
  try {
    return [marker, ledger].some((file) => fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined)
  } catch {
    return true
  }
}
