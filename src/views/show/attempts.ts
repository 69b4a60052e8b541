import type { PlanReview } from '../../supervisor/record/planning.ts'
import { isPassing } from '../../supervisor/record/review.ts'
import type {
  AttemptFailure,
  BatchEvent,
  BatchEventData,
  Finding,
  TreeVerdict,
} from '../../supervisor/record/events.ts'

/** One start of an agent. A turn that was cut short is begun again under the same number. */
export interface TurnRecord {
  readonly turn: number
  /** ms since the epoch */
  readonly at: number
  readonly agent: string
  /** Null: it is under way, or was cut short. */
  readonly ended: (Omit<BatchEventData['turn-ended'], 'item' | 'fence'> & { readonly at: number }) | null
}

/** A plan that an agent made before the work, and what critics said of it. */
export interface PlanRecord {
  readonly at: number
  readonly agent: string
  readonly text: string
  readonly reviews: readonly { readonly agent: string; readonly review: Omit<PlanReview, 'plan'> }[]
}

/** What stood in the way of the work of a turn, or did not. */
export type LookRecord =
  | {
      readonly kind: 'findings'
      readonly at: number
      readonly turn: number
      readonly findings: readonly Finding[]
    }
  | {
      readonly kind: 'conflict'
      readonly at: number
      readonly turn: number
      readonly paths: readonly string[]
    }
  | { readonly kind: 'judged'; readonly at: number; readonly turn: number; readonly verdict: TreeVerdict }
  /** Agents read a tree that was released. All of it is claimed, but for which quotes stand. */
  | {
      readonly kind: 'reviewed'
      readonly at: number
      readonly turn: number
      readonly tree: string
      readonly reviews: readonly AgentReview[]
    }

/** How one start of a reviewer ended. */
export type AgentReview = Pick<BatchEventData['reviewed'], 'agent' | 'outcome'>

/** Whether what this look found keeps work from being done. Pure. */
export function standsInTheWay(look: LookRecord): boolean {
  return look.kind !== 'reviewed' || look.reviews.some(({ outcome }) => !isPassing(outcome))
}

/** One attempt at an item as the ledger of its batch tells it. */
export interface AttemptRecord {
  readonly item: string
  readonly attempt: number
  readonly fence: number
  /** The last one at it. */
  readonly agent: string
  readonly effort: string | null
  readonly base: string
  readonly digest: string
  readonly worktree: string | null
  readonly openedAt: number
  /** Oldest first; the last one is that which its worker was given, where one began. */
  readonly plans: readonly PlanRecord[]
  /** Starts of agents who planned, or read plan or work. */
  readonly readers: readonly { readonly tokens: number; readonly ms: number }[]
  readonly turns: readonly TurnRecord[]
  /** The last one. */
  readonly candidate: { readonly commit: string; readonly tree: string } | null
  /** It was made in this attempt, and so has a ref of its own. */
  readonly isOwn: boolean
  readonly looks: readonly LookRecord[]
  readonly integrated: { readonly commit: string; readonly from: string; readonly at: number } | null
  /** Null: it is open. */
  readonly ended: {
    readonly at: number
    readonly failure: AttemptFailure | null
    readonly counted: boolean
    readonly rescue: string | null
    readonly setAside: string | null
  } | null
}

/** Every attempt of a batch, or of one item of it, oldest first. Pure. */
export function attemptsIn(events: readonly BatchEvent[], item?: string): readonly AttemptRecord[] {
  const attempts = new Map<number, AttemptRecord>()
  for (const event of events) {
    const { data } = event
    if (!('fence' in data) || data.fence === null) continue
    const next = event.type === 'attempt-opened' ? opened(event) : added(attempts.get(data.fence), event)
    if (next !== undefined) attempts.set(next.fence, next)
  }
  return [...attempts.values()].filter((one) => item === undefined || one.item === item)
}

/** What is told of one item, in order: of its attempts, and of the item itself. Pure. */
export function eventsOfItem(events: readonly BatchEvent[], item: string): readonly BatchEvent[] {
  const fences = new Set<number>()
  return events.filter((event) => {
    const { data } = event
    if (event.type === 'attempt-opened' && event.data.item === item) fences.add(event.data.fence)
    if (event.type === 'item-dropped') return [event.data.item, ...event.data.with].includes(item)
    if (event.type === 'item-accepted') return event.data.item.id === item
    if ('item' in data) return data.item === item
    return 'fence' in data && data.fence !== null && fences.has(data.fence)
  })
}

function opened({ at, data }: Extract<BatchEvent, { type: 'attempt-opened' }>): AttemptRecord {
  const { item, attempt, fence, agent, effort, base, digest, candidate } = data
  return {
    item,
    attempt,
    fence,
    agent,
    effort: effort ?? null,
    base,
    digest,
    worktree: null,
    openedAt: at,
    plans: [],
    readers: [],
    turns: [],
    candidate: candidate ?? null,
    isOwn: false,
    looks: [],
    integrated: null,
    ended: null,
  }
}

function added(was: AttemptRecord | undefined, event: BatchEvent): AttemptRecord | undefined {
  if (was === undefined) return undefined
  const { at } = event
  const last = was.turns.at(-1)
  const turn = last?.turn ?? 0
  if (event.type === 'worktree-ready') return { ...was, worktree: event.data.worktree }
  if (event.type === 'planned' || event.type === 'plan-reviewed' || event.type === 'reviewed')
    return read(was, event)
  if (event.type === 'agent-changed') return { ...was, agent: event.data.agent }
  if (event.type === 'turn-begun')
    return { ...was, turns: [...was.turns, { turn: event.data.turn, at, agent: was.agent, ended: null }] }
  if (event.type === 'turn-ended' && last !== undefined) {
    const { item: _item, fence: _fence, ...ended } = event.data
    return { ...was, turns: [...was.turns.slice(0, -1), { ...last, ended: { at, ...ended } }] }
  }
  if (event.type === 'candidate')
    return { ...was, candidate: { commit: event.data.commit, tree: event.data.tree }, isOwn: true }
  if (event.type === 'findings' && event.data.findings.length > 0)
    return look(was, { kind: 'findings', at, turn, findings: event.data.findings })
  if (event.type === 'conflict') return look(was, { kind: 'conflict', at, turn, paths: event.data.paths })
  if (event.type === 'judged') return look(was, { kind: 'judged', at, turn, verdict: event.data })
  if (event.type === 'integrated')
    return { ...was, integrated: { commit: event.data.commit, from: event.data.from, at } }
  if (event.type !== 'attempt-ended') return was
  const { failure, counted, rescue, setAside } = event.data
  return { ...was, ended: { at, failure, counted, rescue, setAside } }
}

const look = (was: AttemptRecord, one: LookRecord): AttemptRecord => ({ ...was, looks: [...was.looks, one] })

/** What came of an agent that only read. */
function read(
  was: AttemptRecord,
  event: Extract<BatchEvent, { type: 'planned' | 'plan-reviewed' | 'reviewed' }>,
): AttemptRecord {
  const { agent, outcome, tokens = 0, ms } = event.data
  const one = { ...was, readers: [...was.readers, { tokens, ms }] }
  const last = was.plans.at(-1)
  if (event.type === 'reviewed') return reviewed(one, event)
  if (outcome.kind !== 'finished') return one
  if ('plan' in outcome.answer)
    return { ...one, plans: [...was.plans, { at: event.at, agent, text: outcome.answer.plan, reviews: [] }] }
  if (last === undefined) return one
  const reviews = [...last.reviews, { agent, review: outcome.answer }]
  return { ...one, plans: [...was.plans.slice(0, -1), { ...last, reviews }] }
}

/** Those who read one tree are one look. */
function reviewed(
  was: AttemptRecord,
  { at, data: { agent, outcome, tree } }: Extract<BatchEvent, { type: 'reviewed' }>,
): AttemptRecord {
  const last = was.looks.at(-1)
  const [before, had] =
    last?.kind === 'reviewed' && last.tree === tree ? [was.looks.slice(0, -1), last.reviews] : [was.looks, []]
  const turn = was.turns.at(-1)?.turn ?? 0
  return {
    ...was,
    looks: [...before, { kind: 'reviewed', at, turn, tree, reviews: [...had, { agent, outcome }] }],
  }
}
