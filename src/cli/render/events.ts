import type { EventView, Weight } from '../../views/events-view.ts'
import type { Integrity } from '../../views/history.ts'
import type { RunState } from '../../ledger/state.ts'
import { type Doc, type Line, type Span, bad, good, quiet, strong, warn } from './doc.ts'

/** `events` for a person: one line each, local time. */
export function eventsDoc(run: RunState, events: readonly EventView[], integrity: Integrity): Doc {
  return [
    [strong(run.contract.objective.split('\n')[0] ?? ''), quiet(`  run ${run.runId.slice(0, 12)}`)],
    ...(events.length === 0 ? [[quiet('  nothing since then')]] : events.map(eventLine)),
    ...(integrity.problem === null ? [] : [[bad('the ledger does not hold: '), integrity.problem]]),
  ]
}

export function eventLine(event: Pick<EventView, 'seq' | 'at' | 'text' | 'weight'>): Line {
  return [
    quiet(`${String(event.seq).padStart(4)}  ${localTime(event.at)}  `),
    weighed(event.text, event.weight),
  ]
}

function weighed(text: string, weight: Weight): string | Span {
  return { good, bad, warn, plain: (plain: string) => plain }[weight](text)
}

/** `2026-01-31 12:00:05` where the reader is. `ms` since the epoch. */
export function localTime(ms: number): string {
  const at = new Date(ms)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}
