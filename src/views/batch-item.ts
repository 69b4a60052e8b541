import type { Proposal } from '../agents/answer.ts'
import { never } from '../base/result.ts'
import type { ItemStatus } from '../backlog/order.ts'
import { agentNow } from '../supervisor/decide/agents.ts'
import { stageName } from '../supervisor/decide/next.ts'
import type { StageName } from '../supervisor/decide/table.ts'
import type { AttemptState, BatchState, ItemState, Spent } from '../supervisor/record/state.ts'
import { type Waiting, waitingOf } from '../supervisor/decide/waiting.ts'
import { waitingProposal } from '../supervisor/decide/waiting-proposal.ts'
import type { Around } from './batch-around.ts'

/** One item, as `status --batch` tells it. */
export interface ItemView {
  readonly id: string
  readonly file: string
  readonly state: ItemStatus
  readonly stage: StageName | null
  readonly agent: string | null
  readonly attempt: number
  /** In all turns, as far as its agents' programs wrote them down. */
  readonly tokens: number
  /** Of turns and of judging, in all. */
  readonly minutes: number
  /** Attempts that count against the limit. */
  readonly counted: number
  readonly turn: number | null
  /** Seconds since the last event of its attempt. */
  readonly age: number | null
  /** Seconds since its agent last said something, in a turn; null: none is at work. */
  readonly silent: number | null
  readonly waits_for: Waiting | null
  /** Its file says something else than the batch has, and nobody accepted or rejected that. */
  readonly edited: boolean
  readonly code: string | null
  readonly why: string | null
  readonly commit: string | null
  /** What its agent proposes, and a person has not answered. */
  readonly proposal: { readonly attempt: number; readonly kind: Proposal['kind'] } | null
}

/** Pure. */
export function itemView(item: ItemState, state: BatchState, around: Around): ItemView {
  const { plan, now, signs } = around
  const { frozen, standing } = item
  const attempt = standing.kind === 'working' ? state.attempts.get(standing.fence) : undefined
  const proposal = waitingProposal(state, frozen.id)
  const waits = plan === null ? null : waitingOf(state, plan, frozen.id, now)
  return {
    id: frozen.id,
    file: frozen.file,
    state: stateOf(item, attempt, waits),
    stage: attempt === undefined ? null : plan === null ? attempt.stage.at : stageName({ plan }, attempt),
    agent: attempt?.agent ?? (plan === null ? null : agentNow({ state, plan, now }, frozen.id)),
    attempt: item.attempts,
    tokens: item.spent.tokens,
    minutes: minutesOf(item.spent),
    counted: item.counted,
    turn: attempt?.turn ?? null,
    age: attempt === undefined ? null : secondsSince(attempt.at, now),
    silent: secondsSince(attempt === undefined ? undefined : signs.get(attempt.fence), now),
    waits_for: waits,
    edited: !isOver(standing) && plan?.unapproved.has(frozen.id) === true,
    code: standing.kind === 'parked' ? standing.code : null,
    why: standing.kind === 'parked' ? (standing.why ?? null) : null,
    commit: standing.kind === 'done' ? standing.commit : null,
    proposal: proposal === null ? null : { attempt: proposal.attempt, kind: proposal.proposal.kind },
  }
}

function secondsSince(at: number, now: number): number
function secondsSince(at: number | undefined, now: number): number | null
function secondsSince(at: number | undefined, now: number): number | null {
  return at === undefined ? null : Math.max(0, Math.round((now - at) / 1000))
}

/** To two decimals. */
export const minutesOf = ({ ms }: Spent): number => Math.round(ms / 600) / 100

const isOver = ({ kind }: ItemState['standing']): boolean => kind === 'done' || kind === 'dropped'

function stateOf(
  { standing }: ItemState,
  attempt: AttemptState | undefined,
  waits: Waiting | null,
): ItemView['state'] {
  switch (standing.kind) {
    case 'working':
      if (waits?.kind === 'until') return 'suspended'
      return attempt?.stage.at === 'integrating' ? 'integrating' : 'working'
    case 'open':
      return waits === null ? 'ready' : 'waiting'
    case 'done':
    case 'parked':
    case 'dropped':
      return standing.kind
    default:
      return never(standing, 'standing of an item')
  }
}
