import path from 'node:path'
import { sessionOf } from '../ledger/events.ts'
import { fold } from '../ledger/fold.ts'
import { namesIn } from '../base/names-in.ts'
import { readEvents } from '../ledger/ledger-file.ts'
import { homePaths, sessionPathsOfKey } from '../ledger/paths.ts'
import { listSessions } from '../ledger/sessions.ts'
import type { RunState } from '../ledger/state.ts'
import { isOpen } from '../verdict/standing.ts'

/** A run, and the ledger that tells of it. */
export interface PlacedRun {
  readonly run: RunState
  readonly ledger: string
  readonly archived: boolean
}

/** A run of a session. */
export interface KnownRun extends PlacedRun {
  readonly sessionId: string
}

/** Every run in place, open or closed, also of a record that does not hold: that one is looked at most. Reads only. */
export function runsInPlace(home: string): readonly KnownRun[] {
  return listSessions(home).flatMap(({ key, session }) => {
    const { ledger } = sessionPathsOfKey(home, key)
    const runs = session.ok ? session.value.state.runs : runsIn(ledger)
    return runs.flatMap((run) => ofSession({ run, ledger, archived: false }))
  })
}

/** Runs that were put away. It grows for ever, so it is read only where nothing in place will do. */
export function archivedRuns(home: string): readonly KnownRun[] {
  const dir = path.join(homePaths(home).archived, 'sessions')
  return namesIn(dir).flatMap((name) => {
    const ledger = path.join(dir, name, 'ledger.jsonl')
    return runsIn(ledger).flatMap((run) => ofSession({ run, ledger, archived: true }))
  })
}

function ofSession(placed: PlacedRun): KnownRun[] {
  const sessionId = sessionOf(placed.run.activation)
  return sessionId === null ? [] : [{ ...placed, sessionId }]
}

/** The open one, else the one that began last. */
export function newestRun(runs: readonly KnownRun[]): KnownRun | undefined {
  const byTime = [...runs].sort((a, b) => b.run.createdAt - a.run.createdAt)
  return byTime.find(({ run }) => isOpen(run)) ?? byTime[0]
}

/** Runs of one ledger, as far as it can be read. */
export function runsIn(ledger: string): readonly RunState[] {
  const read = readEvents(ledger)
  return read.ok ? fold(read.value.events).runs : []
}
