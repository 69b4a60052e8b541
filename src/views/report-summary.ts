import { never } from '../base/result.ts'
import type { LedgerEvent, StopRecord } from '../ledger/events.ts'
import type { Blocker } from '../verdict/judgement.ts'

/** One thing that stood in the way of a release. */
export type Holder =
  | { readonly kind: 'gate' | 'prepare'; readonly name: string }
  | { readonly kind: 'task'; readonly id: string }
  | {
      readonly kind:
        | 'plan'
        | 'processes'
        | 'sub-agents'
        | 'moving-files'
        | 'unreadable'
        | 'definition'
        | 'scope'
    }

export interface Held {
  readonly by: Holder
  readonly stops: number
  /** From each of these stops to the next one, or to the run's last event. Milliseconds. */
  readonly ms: number
}

/** What a run came to: how often it was stopped, by what, and for how long. */
export interface ReportSummary {
  readonly stops: number
  readonly blocked: number
  readonly parked: number
  /** Most stops first. Two things that stood in the way at once each count the whole time. */
  readonly held: readonly Held[]
  /** Time that verdicts took, gates included. Milliseconds. */
  readonly judgedMs: number
}

/** Pure. `endedAt` is the time of the run's last event, ms. */
export function summaryOf(events: readonly LedgerEvent[], endedAt: number): ReportSummary {
  const stops = events.filter((event) => event.type === 'stop')
  const held = new Map<string, Held>()
  stops.forEach((stop, index) => {
    const until = stops[index + 1]?.at ?? endedAt
    for (const by of holdersOf(stop.data)) {
      const key = JSON.stringify(by)
      const before = held.get(key)
      held.set(key, {
        by,
        stops: (before?.stops ?? 0) + 1,
        // A clock that went back makes no negative time.
        ms: (before?.ms ?? 0) + Math.max(0, until - stop.at),
      })
    }
  })
  const count = (...verdicts: StopRecord['verdict'][]) =>
    stops.filter((stop) => verdicts.includes(stop.data.verdict)).length
  return {
    stops: stops.length,
    blocked: count('block', 'halt'),
    parked: count('park'),
    held: [...held.values()].sort((a, b) => b.stops - a.stops || b.ms - a.ms),
    judgedMs: stops.reduce((sum, stop) => sum + stop.data.durationMs, 0),
  }
}

function holdersOf(stop: StopRecord): Holder[] {
  if (stop.verdict === 'release') return []
  const all: Holder[] = [
    ...(stop.drift === null ? [] : [{ kind: 'definition' } as const]),
    ...stop.blockers.map(holderOf),
  ]
  return all.filter((one, index) => all.findIndex((other) => same(one, other)) === index)
}

function holderOf(blocker: Blocker): Holder {
  switch (blocker.kind) {
    case 'evidence':
      return { kind: 'task', id: blocker.taskId }
    case 'command':
    case 'could-not-run':
    case 'unknown-command':
    case 'gate-rewrote':
      return { kind: 'gate', name: blocker.name }
    case 'prepare':
      return { kind: 'prepare', name: blocker.name }
    case 'plan':
      return { kind: 'plan' }
    case 'background':
      return { kind: 'processes' }
    case 'children':
      return { kind: 'sub-agents' }
    case 'gate-writes':
      return { kind: 'moving-files' }
    case 'workspace':
      return { kind: 'unreadable' }
    case 'out-of-scope':
      return { kind: 'scope' }
    default:
      return never(blocker, 'blocker')
  }
}

function same(one: Holder, other: Holder): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
