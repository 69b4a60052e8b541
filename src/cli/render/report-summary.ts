import { never } from '../../base/result.ts'
import { durationWords } from '../../views/events-view.ts'
import type { Held, Holder, ReportSummary } from '../../views/report-summary.ts'
import { anchor } from './report-anchors.ts'

/** A run's summary as text, in pieces: what has a place on the page carries its anchor. */
export interface SummaryPart {
  readonly text: string
  readonly to: string | null
}

/** `blocked 4 times: gate test 3 times (12 min), T1 once (40 s)`. */
export function heldWords({ stops, blocked, parked, held }: ReportSummary): readonly SummaryPart[] {
  if (stops === 0) return [{ text: 'No stop was judged yet', to: null }]
  const ways = [
    ...(blocked > 0 ? [`blocked ${times(blocked)}`] : []),
    ...(parked > 0 ? [`parked ${times(parked)}`] : []),
  ]
  if (ways.length === 0) return [{ text: 'Never blocked', to: null }]
  const [first = '', ...rest] = ways
  const lead = [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(', ')
  return [
    { text: held.length === 0 ? lead : `${lead}: `, to: null },
    ...held.flatMap((one, index): SummaryPart[] => [
      ...(index === 0 ? [] : [{ text: ', ', to: null }]),
      { text: holderWords(one.by), to: holderAnchor(one.by) },
      { text: howLong(one), to: null },
    ]),
  ]
}

function howLong({ stops, ms }: Held): string {
  return ` ${times(stops)}${ms < 1 ? '' : ` (${durationWords(ms)})`}`
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}

function holderWords(by: Holder): string {
  switch (by.kind) {
    case 'gate':
      return `gate ${by.name}`
    case 'prepare':
      return by.name
    case 'task':
      return by.id
    case 'plan':
      return 'open plan steps'
    case 'processes':
      return 'processes that still ran'
    case 'sub-agents':
      return 'sub-agents at work'
    case 'moving-files':
      return 'files that moved while gates ran'
    case 'unreadable':
      return 'a workspace that git could not read'
    case 'scope':
      return 'changes out of scope'
    case 'definition':
      return 'a changed gate definition'
    default:
      return never(by, 'holder')
  }
}

function holderAnchor(by: Holder): string | null {
  if (by.kind === 'gate' || by.kind === 'prepare') return anchor.gate(by.name)
  return by.kind === 'task' ? anchor.task(by.id) : null
}
