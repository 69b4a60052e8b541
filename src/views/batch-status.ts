import { never } from '../base/result.ts'
import type { Rest } from '../supervisor/events.ts'
import type { AttemptState, BatchState, ItemState } from '../supervisor/state.ts'
import { restCode } from './batch-code.ts'

/** One item, as `status --batch` tells it. */
export interface ItemView {
  readonly id: string
  readonly file: string
  readonly state: 'waiting' | 'ready' | 'working' | 'integrating' | 'done' | 'parked' | 'dropped'
  readonly stage: string | null
  readonly attempt: number
  readonly turn: number | null
  /** Seconds since the last event of its attempt. */
  readonly age: number | null
  readonly code: string | null
  readonly why: string | null
  readonly commit: string | null
}

export interface BatchView {
  readonly ok: boolean
  readonly batch: string
  readonly state: Rest['state'] | 'running'
  readonly code: string | null
  readonly why: string | null
  readonly exit_code: number
  readonly base: string
  readonly head: string
  readonly target: string | null
  readonly branch: string | null
  readonly landed: string | null
  readonly items: readonly ItemView[]
  /** The one command that comes next for a person; null: nothing is waited for. */
  readonly next: string | null
}

/** A batch for people and machines. `now` in ms. Pure. */
export function batchView(batch: string, state: BatchState, now: number): BatchView {
  const { rest, opened, head } = state
  const items = [...state.items.values()].map((one) => itemView(one, state, now))
  return {
    ok: rest?.state === 'completed',
    batch,
    state: rest?.state ?? 'running',
    code: rest !== null && 'code' in rest ? rest.code : null,
    why: rest !== null && 'why' in rest ? (rest.why ?? null) : null,
    exit_code: restCode(rest),
    base: opened.base,
    head,
    target: opened.target,
    branch: state.published?.branch ?? null,
    landed: state.landed?.commit ?? null,
    items,
    next: nextOf(state),
  }
}

function itemView(item: ItemState, { attempts }: BatchState, now: number): ItemView {
  const { frozen, standing } = item
  const attempt = standing.kind === 'working' ? attempts.get(standing.fence) : undefined
  return {
    id: frozen.id,
    file: frozen.file,
    state: stateOf(item, attempt),
    stage: attempt?.stage.at ?? null,
    attempt: item.attempts,
    turn: attempt?.turn ?? null,
    age: attempt === undefined ? null : Math.max(0, Math.round((now - attempt.at) / 1000)),
    code: standing.kind === 'parked' ? standing.code : null,
    why: standing.kind === 'parked' ? (standing.why ?? null) : null,
    commit: standing.kind === 'done' ? standing.commit : null,
  }
}

function stateOf({ standing }: ItemState, attempt: AttemptState | undefined): ItemView['state'] {
  switch (standing.kind) {
    case 'working':
      return attempt?.stage.at === 'integrating' ? 'integrating' : 'working'
    case 'open':
      return 'waiting'
    case 'done':
    case 'parked':
    case 'dropped':
      return standing.kind
    default:
      return never(standing, 'standing of an item')
  }
}

function nextOf({ rest, landed, head, opened }: BatchState): string | null {
  if (rest === null) return null
  if (rest.state === 'completed')
    return landed?.commit === head || head === opened.base ? null : 'autonomous-loop land --merge'
  if (rest.state === 'parked') return 'autonomous-loop run --retry-parked'
  return 'autonomous-loop run'
}
