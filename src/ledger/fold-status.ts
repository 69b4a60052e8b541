import { never } from '../base/result.ts'
import type { CommandRecord } from '../gates/command-record.ts'
import { startGatesAfter } from '../verdict/as-at-start.ts'
import { processKey } from '../verdict/blockers.ts'
import { timesInARow } from '../verdict/limits.ts'
import { roomPassesAfter } from '../verdict/room-passes.ts'
import type { Closing, FinalLook, Release, Standing } from '../verdict/standing.ts'
import type { LeftByGates } from '../workspace/left-by-gates.ts'
import type { StopRecord } from './events.ts'
import type { RunFacts } from './state.ts'

/**
 * A run while one fold works on it; nobody else holds it. Its arrays and objects are replaced, never changed. The
 * diagram of its standings is in verdict/standing.ts.
 */
export type Draft = { -readonly [K in keyof RunFacts]: RunFacts[K] } & { standing: Standing }

export function stop(run: Draft, data: StopRecord, at: number): void {
  run.repeated = timesInARow(data, run, data.signature)
  run.stops += 1
  run.lastStop = data
  if (data.commands.length > 0) run.couldNotRun = counted(run.couldNotRun, data.commands)
  if (data.untouched) run.startGates = startGatesAfter(run.startGates, data.commands)
  if (data.commands.some((one) => one.passKey !== undefined))
    run.roomPasses = roomPassesAfter(run.roomPasses, data)
  if (data.leftByGates) run.leftByGates = withLeft(run.leftByGates, data.leftByGates)
  const named = data.blockers.flatMap((one) =>
    one.kind === 'background' ? one.processes.map(processKey) : [],
  )
  if (named.length > 0) run.named = [...new Set([...run.named, ...named])]
  if (data.drift) run.shownDrifts = [...new Set([...run.shownDrifts, data.drift.digest])]
  switch (data.verdict) {
    case 'block':
      run.iteration += 1
      return
    case 'release':
      delete run.reopened
      delete run.provisional
      if (data.provisional) run.provisional = data.provisional
      return close(run, { how: 'released', by: 'hook', reason: null, at }, releaseOf(data))
    case 'park':
      enter(run, { status: 'parked', park: data.park }, at)
      // Parked for another cause, the agent's wish stays unanswered.
      if (data.park.kind === 'wait') {
        run.wait = null
        run.waitedAt = [...run.waitedAt, data.workspace]
      }
      return
    case 'halt':
      // Announced by a last block, which counts.
      run.iteration += 1
      return enter(run, { status: 'halted', halt: data.halt }, at)
    default:
      never(data, 'verdict')
  }
}

export function resume(run: Draft, byPerson: boolean, at: number): void {
  if (run.standing.status === 'active') return
  const wasPaused = run.standing.status === 'paused'
  if (wasPaused) addIdleTime(run, at)
  enter(run, { status: 'active' }, at)
  if (wasPaused || !byPerson) return
  run.iteration = 0
  run.repeated = 0
  run.limitsFrom = at
  run.named = []
  run.shownDrifts = []
  run.wait = null
  run.waitedAt = []
}

export function enter(run: Draft, standing: Standing, at: number): void {
  run.standing = standing
  run.statusSince = at
}

/** Time in which the agent was not held does not count against maxMinutes. A clock that went back adds nothing. */
export function addIdleTime(run: Draft, at: number): void {
  run.limitsFrom += Math.max(0, at - run.statusSince)
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

export function close(run: Draft, closed: Closing, release: Release = finalAtOnce): void {
  const { how } = closed
  enter(run, how === 'released' ? { status: how, closed, release } : { status: how, closed }, closed.at)
  run.wait = null
}

const finalAtOnce: Release = { standing: 'final', look: null }

function releaseOf({ provisional }: StopRecord): Release {
  return provisional
    ? { standing: 'provisional', turnId: provisional.turnId, prompted: false, worked: false }
    : finalAtOnce
}

/** A release that was provisional until now. */
export function makeFinal(run: Draft, look: FinalLook): void {
  if (run.standing.status !== 'released') return
  run.standing = { ...run.standing, release: { standing: 'final', look } }
  delete run.provisional
}

/** Another run of the session began, and whoever began it left no word of this one. */
export const nextRun: FinalLook = { how: 'next-run', looked: 'not-looked', changes: null, why: null }

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
