import path from 'node:path'
import { bootId } from '../base/boot-id.ts'
import { isAlive } from '../base/process-id.ts'
import { never } from '../base/result.ts'
import type { Rest } from '../supervisor/events.ts'
import { itemFiles, newIds } from '../supervisor/item-files.ts'
import { type Plan, agentOf, spawnsLeft } from '../supervisor/holds.ts'
import { settledConfig } from '../supervisor/open.ts'
import { itemReader, planNow } from '../supervisor/plan.ts'
import type { AttemptState, BatchState, ItemState } from '../supervisor/state.ts'
import { type Waiting, waitingOf } from '../supervisor/waiting.ts'
import { restCode } from './batch-code.ts'

/** One item, as `status --batch` tells it. */
export interface ItemView {
  readonly id: string
  readonly file: string
  readonly state:
    | 'waiting'
    | 'ready'
    | 'working'
    | 'suspended'
    | 'integrating'
    | 'done'
    | 'parked'
    | 'dropped'
  readonly stage: string | null
  readonly agent: string | null
  readonly attempt: number
  /** Attempts that count against the limit. */
  readonly counted: number
  readonly turn: number | null
  /** Seconds since the last event of its attempt. */
  readonly age: number | null
  readonly waits_for: Waiting | null
  /** Its file says something else than the batch has, and nobody accepted or rejected that. */
  readonly edited: boolean
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
  /** Numbers of files of the backlog that the batch does not have. */
  readonly new_items: readonly string[]
  readonly budget: {
    readonly attempts: number
    /** In all calls of `run`; null: as many as it takes. */
    readonly attempts_asked: number | null
    /** ISO time, or null. */
    readonly until: string | null
    /** Starts of agents that are left for today. */
    readonly spawns_left: number | null
  }
  /** Agents wait for it; null: no quota is known to be used up. */
  readonly quota: { readonly until: string } | null
  /** The one command that comes next for a person; null: nothing is waited for. */
  readonly next: string | null
}

/** What a batch is looked at with. */
export interface Around {
  /** ms since the epoch. */
  readonly now: number
  /** Null where the frozen config cannot be read by this version. */
  readonly plan: Plan | null
  readonly newItems: readonly string[]
  readonly isAlive: boolean
}

/** Looks at the person's files and at the process that has the batch. */
export function lookAround(state: BatchState, now: number): Around {
  const { opened, owner } = state
  const settled = settledConfig(opened.config.text, opened.config.path)
  const { settings, config } = settled.ok ? settled.value : { settings: null, config: null }
  const files = itemFiles(path.join(opened.top, opened.prefix))
  return {
    now,
    plan: config === null || settings === null ? null : planNow(opened, state, settings, itemReader(config)),
    newItems: newIds(files, state),
    isAlive: owner !== null && owner.bootId === bootId() && isAlive(owner.process),
  }
}

/** A batch for people and machines. Pure. */
export function batchView(batch: string, state: BatchState, around: Around): BatchView {
  const { opened, head, backedOff } = state
  const { now, plan } = around
  const rest = restNow(state, around)
  const items = [...state.items.values()].map((one) => itemView(one, state, around))
  const quota = backedOff?.isQuota === true && backedOff.until > now ? iso(backedOff.until) : null
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
    new_items: around.newItems,
    budget: {
      attempts: state.begun,
      attempts_asked: state.asked,
      until: state.until === null ? null : iso(state.until),
      spawns_left: plan === null ? null : Math.max(0, spawnsLeft(state, plan, now)),
    },
    quota: quota === null ? null : { until: quota },
    next: nextOf(state, rest, items, around),
  }
}

const isOver = ({ kind }: ItemState['standing']): boolean => kind === 'done' || kind === 'dropped'

/** A batch that nobody is at and that never came to rest, or that a person changed since, waits for `run`. */
function restNow({ rest }: BatchState, around: Around): Rest | null {
  return rest === null && !around.isAlive ? { state: 'paused', code: 'not-running' } : rest
}

function itemView(item: ItemState, state: BatchState, { plan, now }: Around): ItemView {
  const { frozen, standing } = item
  const attempt = standing.kind === 'working' ? state.attempts.get(standing.fence) : undefined
  const waits = plan === null ? null : waitingOf(state, plan, frozen.id, now)
  return {
    id: frozen.id,
    file: frozen.file,
    state: stateOf(item, attempt, waits),
    stage: attempt?.stage.at ?? null,
    agent: attempt?.agent ?? (plan === null ? null : agentOf(plan, frozen.id)),
    attempt: item.attempts,
    counted: item.counted,
    turn: attempt?.turn ?? null,
    age: attempt === undefined ? null : Math.max(0, Math.round((now - attempt.at) / 1000)),
    waits_for: waits,
    edited: !isOver(standing) && plan?.unapproved.has(frozen.id) === true,
    code: standing.kind === 'parked' ? standing.code : null,
    why: standing.kind === 'parked' ? (standing.why ?? null) : null,
    commit: standing.kind === 'done' ? standing.commit : null,
  }
}

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

function nextOf(
  { landed, head, opened }: BatchState,
  rest: Rest | null,
  items: readonly ItemView[],
  { newItems }: Around,
): string | null {
  if (rest?.state === 'completed')
    return landed?.commit === head || head === opened.base ? null : 'autonomous-loop land --merge'
  if (newItems.length > 0 || items.some((one) => one.edited)) return 'autonomous-loop accept --all'
  if (rest === null) return null
  if (rest.state === 'paused' && rest.code === 'config-changed') return 'autonomous-loop allow --amend'
  if (rest.state === 'paused' && rest.code === 'approval-withdrawn') return 'autonomous-loop allow'
  if (rest.state === 'parked') return 'autonomous-loop retry --all'
  return 'autonomous-loop run'
}

const iso = (ms: number): string => new Date(ms).toISOString()
