import type { CommandRecord } from '../gates/command-record.ts'
import { readProgress } from '../judging/progress.ts'
import type { Doing } from '../judging/watch.ts'
import { isFlaky } from '../verdict/room-passes.ts'
import { startTestsOf } from '../verdict/start-tests.ts'
import { iso } from './iso.ts'

/** One command of the last stop, and where its word is from. */
export interface GateStatus {
  readonly gate: string
  readonly outcome: CommandRecord['outcome']
  readonly place: 'clean-room' | 'in-place'
  /** Number of the stop whose pass it is; null when it ran. */
  readonly reused_from: number | null
  readonly flaky: boolean
  /** How it went with the tests of the start; null where it did not have to, or did not come so far. */
  readonly start_tests: CommandRecord['outcome'] | null
  readonly duration_ms: number
}

/** What a verdict that is under way waits for. */
export interface JudgingStatus {
  readonly since: string
  readonly doing: readonly (Doing & { readonly since: string })[]
}

export function gateStatus(command: CommandRecord): GateStatus {
  return {
    gate: command.name,
    outcome: command.outcome,
    place: command.box?.place ?? 'in-place',
    reused_from: command.reused?.stop ?? null,
    flaky: isFlaky(command),
    start_tests: startTestsOf(command),
    duration_ms: command.durationMs,
  }
}

/** Of the file in which a process that judges says so; null where none does. */
export function judgingNow(file: string): JudgingStatus | null {
  const progress = readProgress(file)
  if (progress === null) return null
  const doing = progress.doing.map((one) => ({ ...one, since: iso(one.since) }))
  return { since: iso(progress.since), doing }
}
