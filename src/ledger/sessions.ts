import type { Result } from '../base/result.ts'
import { namesIn } from './home.ts'
import type { SessionRecord } from './look.ts'
import { listMarkerKeys } from './markers.ts'
import { homePaths, sessionPathsOfKey } from './paths.ts'
import { readSessionAt } from './store.ts'

export interface ListedSession {
  /** Safe file name of the session; its id stands in the activation of each run. */
  readonly key: string
  readonly session: Result<SessionRecord>
}

/** Every session that has a record, or a marker without one, in the order of their names. Reads only. */
export function listSessions(home: string): readonly ListedSession[] {
  const keys = new Set([...namesIn(homePaths(home).sessions), ...listMarkerKeys(home)])
  return [...keys].sort().map((key) => ({ key, session: readSessionAt(sessionPathsOfKey(home, key)) }))
}
