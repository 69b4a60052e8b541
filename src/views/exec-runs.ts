import type { Env } from '../base/env.ts'
import { isOpen } from '../verdict/standing.ts'
import type { RunState } from '../ledger/state.ts'
import { readSession } from '../ledger/store.ts'
import { isProven, listLive } from '../records/live.ts'
import { stateCode } from './state-code.ts'
import { uncheckedNow } from './unchecked-now.ts'

/** A session whose Codex was started by one `exec`, with the run that counts for it, if there is one. */
export interface ExecRun {
  readonly sessionId: string
  readonly run: RunState | null
  /** Why a prompt of the session armed nothing; null when none was refused. */
  readonly refused: string | null
  /** The record does not hold: nothing may count as released. */
  readonly broken: boolean
  /** Why its last turn ended without a verdict; null when it did not. */
  readonly unchecked: string | null
  /** Why its release does not count, as it was looked at once more; null where it does, or there is none. */
  readonly notReleased: string | null
}

/**
 * Sessions that carry the mark, oldest first. Agents inside inherit it, so there may be more than one. `since` is the
 * time in ms before the program began: a resumed session brings its older runs along.
 */
export function runsMadeBy({ home, codexHome }: Env, mark: string, since: number): readonly ExecRun[] {
  return listLive(home)
    .filter((live) => live.exec === mark)
    .sort((a, b) => a.at - b.at)
    .map((live) => {
      const { sessionId, refused = null } = live
      const session = readSession(home, sessionId)
      if (!session.ok)
        return { sessionId, run: null, refused, broken: true, unchecked: null, notReleased: null }
      const { runs } = session.value.state
      const run = runThatCounts(runs, since)
      const unchecked = run && uncheckedNow(codexHome, run, sessionId, isProven(live), live.host)
      return { sessionId, run, refused, broken: false, unchecked, notReleased: null }
    })
}

/** The open run, else the last one if it ended since then: a verdict from before says nothing about this work. Pure. */
export function runThatCounts(runs: readonly RunState[], since: number): RunState | null {
  const last = runs.findLast(isOpen) ?? runs.at(-1)
  return last && (isOpen(last) || last.closed.at >= since) ? last : null
}

/**
 * Exit status for all of them: 0 only when every run is released, so that a run which an agent made inside cannot
 * stand for the one it was started for; else that of the first which is not. Pure.
 */
export function execCode(runs: readonly ExecRun[]): number {
  if (runs.some((one) => one.broken)) return stateCode('halted')
  const codes = runs.flatMap(({ run, notReleased }) =>
    run ? [stateCode(notReleased === null ? run.status : 'active')] : [],
  )
  return codes.length === 0 ? stateCode(null) : (codes.find((code) => code !== 0) ?? 0)
}
