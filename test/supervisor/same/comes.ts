import type { Outcome } from '../../../src/agents/agent.ts'
import type { BatchEvent } from '../../../src/supervisor/record/events.ts'
import type { ItemState } from '../../../src/supervisor/record/state.ts'
import { recordOf } from '../kill/batch.ts'
import type { Driver, Stage } from './driver.ts'
import type { Comes } from './scenario.ts'

/** What the ledger says of a batch, in the words of scenarios: only the parts that are wanted. */
export function comesOf({ site }: Stage, { hasConversations }: Driver, wanted: Comes): Comes {
  const { state, events } = recordOf(site)
  const conversations = ofType(events, 'conversation').map((one) => one.data.conversation)
  const rescue = ofType(events, 'attempt-ended').findLast((one) => one.data.rescue !== null)?.data.rescue
  const files = (of: object, commit?: string) =>
    Object.fromEntries(Object.keys(of).map((file) => [file, site.show(file, commit)]))
  const waits = ofType(events, 'backed-off').find((one) => one.data.why === 'quota')
  return {
    turns: ofType(events, 'turn-ended').map((one) => wordOf(one.data.outcome)),
    attempts: ofType(events, 'attempt-ended').map(({ data: { failure, counted, rescue: kept } }) =>
      [
        failure === null ? 'done' : failure.kind,
        ...(counted ? ['counted'] : []),
        ...(kept ? ['rescued'] : []),
      ].join(', '),
    ),
    item: wordsOf(state.items.get('001')?.standing),
    conversations: hasConversations ? new Set(conversations).size : conversations.length,
    ...(wanted.found && { found: foundIn(events) }),
    ...(wanted.head && { head: files(wanted.head) }),
    ...(wanted.rescued && { rescued: files(wanted.rescued, rescue ?? 'none') as Record<string, string> }),
    ...(wanted.suspendedFor !== undefined && {
      suspendedFor: waits === undefined ? -1 : near(waits.data.until - waits.at, wanted.suspendedFor),
    }),
  }
}

export const ofType = <T extends BatchEvent['type']>(events: readonly BatchEvent[], type: T) =>
  events.filter((one): one is Extract<BatchEvent, { type: T }> => one.type === type)

function wordOf(outcome: Outcome): string {
  return outcome.kind === 'finished' ? outcome.answer.status : outcome.kind
}

function wordsOf(standing: ItemState['standing'] | undefined): string {
  return standing?.kind === 'parked' ? `parked: ${standing.code}` : (standing?.kind ?? 'none')
}

/** The tree before a judge, or the judge. */
const foundIn = (events: readonly BatchEvent[]): string[] =>
  events.flatMap((one): string[] => {
    if (one.type === 'findings') return one.data.findings.map(({ kind }) => kind)
    return one.type === 'judged' ? [one.data.verdict, ...one.data.blockers] : []
  })

/** The same within what a start of a program may take on a busy machine. */
const MINUTE = 60
function near(ms: number, seconds: number): number {
  const is = Math.round(ms / 1000)
  return Math.abs(is - seconds) <= MINUTE ? seconds : is
}
