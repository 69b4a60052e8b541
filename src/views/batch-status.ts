import type { Rest } from '../supervisor/record/events.ts'
import { agentWait } from '../supervisor/decide/agents.ts'
import { spawnsLeft } from '../supervisor/decide/holds.ts'
import { isLanded } from '../supervisor/landing/landed-work.ts'
import { spentInAll } from '../supervisor/record/fold-spent.ts'
import type { BatchState } from '../supervisor/record/state.ts'
import { agentMend } from './agent-mend.ts'
import type { Around } from './batch-around.ts'
import { restCode } from './batch-code.ts'
import { type GoalView, goalView } from './batch-goal.ts'
import { type ItemView, itemView, minutesOf } from './batch-item.ts'

/** A batch, as `status --batch` tells it. */
export interface BatchView {
  readonly ok: boolean
  readonly batch: string
  readonly state: Rest['state'] | 'running'
  readonly code: string | null
  readonly why: string | null
  /** ISO time of the last event. */
  readonly at: string
  readonly exit_code: number
  readonly base: string
  readonly head: string
  readonly target: string | null
  readonly branch: string | null
  readonly landed: string | null
  /** Where the last pull request is that was found to hold the work; null: none was opened. */
  readonly pull_request: string | null
  readonly items: readonly ItemView[]
  /** Null: it works through a backlog. */
  readonly goal: GoalView | null
  /** Numbers of files of the backlog that the batch does not have. */
  readonly new_items: readonly string[]
  readonly budget: {
    readonly attempts: number
    /** In all calls of `run`; null: as many as it takes. */
    readonly attempts_asked: number | null
    /** Sums of the items. */
    readonly tokens: number
    readonly minutes: number
    /** Of the batch; null: none. */
    readonly tokens_limit: number | null
    readonly minutes_limit: number | null
    /** ISO time, or null. */
    readonly until: string | null
    /** Starts of agents that are left for today. */
    readonly spawns_left: number | null
  }
  /** When the first agent whose quota is used up may be asked again; null: none is known to be. */
  readonly quota: { readonly until: string } | null
  /** Agents that are asked nothing for a while. */
  readonly agents: readonly SuspendedAgent[]
  /** It runs in the background, and what it prints is in `log`; null: it does not. `restarts`: after crashes, in the last hour. */
  readonly detached: { readonly log: string; readonly restarts: number } | null
  /** A process of `run --continuous` goes on once there is more to do. */
  readonly waiting: boolean
  /** The one command that comes next for a person; null: nothing is waited for. */
  readonly next: string | null
}

export interface SuspendedAgent {
  readonly name: string
  readonly until: string
  readonly why: string
}

/** A batch for people and machines. Pure. */
export function batchView(batch: string, state: BatchState, around: Around): BatchView {
  const { opened, head } = state
  const { now, plan } = around
  const rest = restNow(state, around)
  const items = [...state.items.values()].map((one) => itemView(one, state, around))
  const spent = spentInAll(state)
  const suspended = suspendedAgents(state, around)
  const quota = suspended.filter((one) => one.why === 'quota').map((one) => one.until)
  return {
    ok: rest?.state === 'completed',
    batch,
    state: rest?.state ?? 'running',
    code: rest !== null && 'code' in rest ? rest.code : null,
    why: rest !== null && 'why' in rest ? (rest.why ?? null) : null,
    at: iso(state.at),
    exit_code: restCode(rest),
    base: opened.base,
    head,
    target: opened.target,
    branch: state.published?.branch ?? null,
    landed: state.landed?.commit ?? null,
    pull_request: state.pullRequest?.url ?? null,
    items,
    goal: goalView(state),
    new_items: around.newItems,
    budget: {
      attempts: state.begun,
      attempts_asked: state.asked,
      tokens: spent.tokens,
      minutes: minutesOf(spent),
      tokens_limit: plan?.settings.limits.batchTokens ?? null,
      minutes_limit: plan?.settings.limits.batchMinutes ?? null,
      until: state.until === null ? null : iso(state.until),
      spawns_left: plan === null ? null : Math.max(0, spawnsLeft(state, plan, now)),
    },
    quota: quota.length === 0 ? null : { until: quota.toSorted()[0]! },
    agents: suspended,
    detached:
      around.watcher === null ? null : { log: around.watcher.log, restarts: around.watcher.crashes.length },
    waiting: rest !== null && around.isContinuous,
    next: nextOf(state, rest, items, around),
  }
}

/**
 * How it rests now; null: a process is at it. A batch that nobody is at and that never came to rest, or that a person changed since, waits for `run`.
 */
export function restNow({ rest }: BatchState, around: Around): Rest | null {
  return rest === null && !around.isAlive ? { state: 'paused', code: 'not-running' } : rest
}

function nextOf(
  state: BatchState,
  rest: Rest | null,
  items: readonly ItemView[],
  around: Around,
): string | null {
  const { pullRequest, head, opened } = state
  const { newItems } = around
  if (rest?.state === 'completed')
    return isLanded(state) || pullRequest?.head === head || head === opened.base
      ? null
      : 'autonomous-loop land --merge'
  if (newItems.length > 0 || items.some((one) => one.edited)) return 'autonomous-loop accept --all'
  if (rest === null) return null
  if (rest.state === 'paused' && rest.code === 'config-changed') return 'autonomous-loop allow --amend'
  if (rest.state === 'paused' && rest.code === 'approval-withdrawn') return 'autonomous-loop allow'
  const proposed = items.find((one) => one.proposal !== null)
  if (proposed !== undefined) return `autonomous-loop accept ${proposed.id}`
  if (rest.state === 'halted' && rest.code === 'no-agent')
    return mendOf(state, around) ?? 'autonomous-loop run'
  if (rest.state === 'halted' && rest.code === 'budget') return 'autonomous-loop allow --amend'
  if (rest.state === 'parked') return 'autonomous-loop retry --all'
  return 'autonomous-loop run'
}

function suspendedAgents(state: BatchState, { plan, now }: Around): readonly SuspendedAgent[] {
  if (plan === null) return []
  return Object.keys(plan.settings.agents).flatMap((name) => {
    const wait = agentWait({ state, plan, now }, name)
    return wait === null ? [] : [{ name, until: iso(wait.until), why: wait.why }]
  })
}

/** Of the first agent that needs it; null: nothing that we know. */
function mendOf(state: BatchState, around: Around): string | null {
  const [first] = [...state.agents].filter(([, one]) => one.unusable !== null)
  return first === undefined ? null : agentMend(first[0], first[1].unusable, around)
}

const iso = (ms: number): string => new Date(ms).toISOString()
