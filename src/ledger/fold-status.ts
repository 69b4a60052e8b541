import { never } from '../base/result.ts'
import type { CommandRecord, StopRecord } from './events.ts'
import type { LeftByGates } from '../workspace/left-by-gates.ts'
import type { RunState } from './state.ts'

/*
 *                    pause                      stop: park
 *        ┌──── paused ◄──────── active ◄────────────────────► parked
 *        └────── resume ──────►  │  ▲ ▲        prompt, resume    │
 *                    stop: halt  │  │ └── resume ── halted       │
 *                                ▼  └── (fresh limits)           │
 *                              halted                            │
 *   any open one ── stop: release ─► released   closed ─► waived, disabled
 */

/** A run while one fold works on it; nobody else holds it. Its arrays and objects are replaced, never changed. */
export type Draft = { -readonly [K in keyof RunState]: RunState[K] }

export function stop(run: Draft, data: StopRecord, at: number): void {
  const same = run.lastStop?.signature === data.signature && run.lastStop.workspace === data.workspace
  run.repeated = same ? run.repeated + 1 : 1
  run.stops += 1
  run.lastStop = data
  if (data.commands.length > 0) run.couldNotRun = counted(run.couldNotRun, data.commands)
  if (data.leftByGates) run.leftByGates = withLeft(run.leftByGates ?? [], data.leftByGates)
  if (data.notices.length > 0) run.notices = [...new Set([...run.notices, ...data.notices])]
  switch (data.verdict) {
    case 'block':
      run.iteration += 1
      return
    case 'release':
      return close(run, { how: 'released', by: 'hook', reason: null, at })
    case 'park':
      enter(run, 'parked', at)
      run.parkCause = data.parkCause ?? 'unknown'
      // Parked for another cause, the agent's wish stays unanswered.
      if (/^wait(:|$)/.test(run.parkCause)) {
        run.wait = null
        run.waitedAt = [...run.waitedAt, data.workspace]
      }
      return
    case 'halt':
      // Announced by a last block, which counts.
      run.iteration += 1
      enter(run, 'halted', at)
      run.haltCause = data.haltCause ?? 'unknown'
      return
    default:
      never(data.verdict, 'verdict')
  }
}

export function resume(run: Draft, byPerson: boolean, at: number): void {
  if (run.status === 'active') return
  const wasPaused = run.status === 'paused'
  if (wasPaused) addIdleTime(run, at)
  enter(run, 'active', at)
  if (wasPaused || !byPerson) return
  run.iteration = 0
  run.repeated = 0
  run.limitsFrom = at
  run.notices = []
  run.wait = null
  run.waitedAt = []
}

export function enter(run: Draft, status: RunState['status'], at: number): void {
  run.status = status
  run.statusSince = at
  run.parkCause = null
  run.haltCause = null
}

/** Time in which the agent was not held does not count against maxMinutes. A clock that went back adds nothing. */
export function addIdleTime(run: Draft, at: number): void {
  run.limitsFrom += Math.max(0, at - (run.statusSince ?? at))
}

function counted(
  before: Readonly<Record<string, number>>,
  commands: readonly CommandRecord[],
): Readonly<Record<string, number>> {
  const counts = new Map(Object.entries(before))
  for (const { name, outcome } of commands) {
    if (outcome === 'could-not-run') counts.set(name, (counts.get(name) ?? 0) + 1)
    else counts.delete(name)
  }
  return Object.fromEntries(counts)
}

export function close(run: Draft, how: NonNullable<RunState['closed']>): void {
  run.status = how.how
  run.statusSince = how.at
  run.wait = null
  run.closed = how
}

/** Only the newest word about each path is kept. */
function withLeft(before: readonly LeftByGates[], now: LeftByGates): readonly LeftByGates[] {
  const told = new Set(now.paths)
  return [
    ...before.flatMap(({ until, paths }) => {
      const rest = paths.filter((path) => !told.has(path))
      return rest.length > 0 ? [{ until, paths: rest }] : []
    }),
    now,
  ]
}
