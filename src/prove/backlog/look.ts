import { FIRST_LINE } from '../../supervisor/effects/prompt.ts'
import type { BatchEvent } from '../../supervisor/record/events.ts'
import type { Turn } from '../actor.ts'

/** A record that can be read, or why it cannot. */
type Events = readonly BatchEvent[] | string

type EventAs<T extends BatchEvent['type']> = Extract<BatchEvent, { readonly type: T }>

/** Those of one item. */
function eventsOf<T extends BatchEvent['type']>(events: Events, type: T, item: string): EventAs<T>[] {
  if (typeof events === 'string') return []
  return events.filter(
    (one): one is EventAs<T> => one.type === type && 'item' in one.data && one.data.item === item,
  )
}

export interface Done {
  readonly seq: number
  readonly commit: string
  readonly attempts: number
  readonly conversations: number
  /** What judging the tree took that became the head. */
  readonly judgedMs: number | null
}

/** An item whose commit is in the head; null: it is not. */
export function complied(events: Events, item: string): Done | null {
  const into = eventsOf(events, 'integrated', item).at(-1)
  const passed = eventsOf(events, 'judged', item).findLast(({ data }) => data.verdict === 'release')
  if (into === undefined || passed === undefined || passed.seq > into.seq) return null
  return {
    seq: into.seq,
    commit: into.data.commit,
    attempts: eventsOf(events, 'attempt-opened', item).length,
    conversations: eventsOf(events, 'conversation', item).length,
    judgedMs: passed.data.ms ?? null,
  }
}

export interface Refused {
  readonly seq: number
  /** Its agent had said that it is complete. */
  readonly claimed: boolean
  readonly blockers: readonly string[]
  readonly ms: number | null
}

/** What first kept an item from being done; null: nothing did. */
export function refused(events: Events, item: string): Refused | null {
  const found = eventsOf(events, 'findings', item).map((one) => ({
    seq: one.seq,
    blockers: one.data.findings.map(({ kind }) => kind),
    ms: null,
  }))
  const judged = eventsOf(events, 'judged', item)
    .filter(({ data }) => data.verdict === 'block')
    .map((one) => ({ seq: one.seq, blockers: one.data.blockers, ms: one.data.ms ?? null }))
  const first = [...found, ...judged].toSorted((a, b) => a.seq - b.seq)[0]
  if (first === undefined) return null
  const said = eventsOf(events, 'turn-ended', item).findLast(({ seq }) => seq < first.seq)?.data.outcome
  return { ...first, claimed: said?.kind === 'finished' && said.answer.status === 'complete' }
}

export interface Limited {
  readonly until: number
  /** Turns of anybody that began before the time. */
  readonly asked: number
  /** From the time until it was asked again. */
  readonly waitedMs: number
  /** From the answer of the service until it was asked again. */
  readonly tookMs: number
}

/** A quota that an item met, and when its agent was asked again; null: neither. */
export function limited(events: Events, item: string): Limited | null {
  const met = eventsOf(events, 'turn-ended', item).find(({ data }) => data.outcome.kind === 'quota')
  if (met === undefined || met.data.outcome.kind !== 'quota') return null
  const until = met.data.outcome.resetsAt
  if (until === null) return null
  const next = eventsOf(events, 'turn-begun', item).find(({ seq }) => seq > met.seq)
  if (next === undefined) return null
  return {
    until,
    asked: turnsOf(events).filter(({ seq, at }) => seq > met.seq && at < until).length,
    waitedMs: next.at - until,
    tookMs: next.at - met.at,
  }
}

const turnsOf = (events: Events): readonly BatchEvent[] =>
  typeof events === 'string' ? [] : events.filter(({ type }) => type === 'turn-begun')

/** `done`, `parked: <code>`, or how its last attempt ended. */
export function standing(events: Events, item: string): string {
  if (eventsOf(events, 'integrated', item).length > 0) return 'done'
  const parked = eventsOf(events, 'item-parked', item).at(-1)
  if (parked !== undefined) return `parked: ${parked.data.code}`
  const ended = eventsOf(events, 'attempt-ended', item).at(-1)
  if (ended !== undefined) return `not done: ${ended.data.failure?.kind ?? 'no failure'}`
  const turn = eventsOf(events, 'turn-ended', item).at(-1)
  return turn === undefined ? 'not begun' : `not done: its last turn was ${turn.data.outcome.kind}`
}

/** What the agent of an item was told stands in the way, in all its prompts: lines of a list that the first one does not have. */
export function told(turns: Readonly<Record<string, readonly Turn[]>>, item: string): readonly string[] {
  const prompts = (turns[item] ?? [])
    .flatMap(({ texts }) => texts)
    .filter((one) => one.startsWith(`message:user ${FIRST_LINE}`))
    .map((one) => one.split('\n').filter((line) => line.startsWith('- ')))
  return prompts.flat().flatMap((line) => (prompts[0]?.includes(line) === true ? [] : [line.slice(2)]))
}
