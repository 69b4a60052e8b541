import { type Marker, listMarkers } from './markers.ts'
import { sessionPaths } from './paths.ts'
import { provisionalRun } from './state.ts'
import { readRecord } from './store.ts'

/** Markers of runs that are open, in the order of their names: one whose ledger cannot be read may be. */
export function openMarkers(home: string): readonly Marker[] {
  return listMarkers(home).filter(({ activation }) => {
    const record = readRecord(sessionPaths(home, activation.origin.sessionId))
    return !record.ok || provisionalRun(record.value.state) === undefined
  })
}
