import { type Result, ok } from '../../base/result.ts'
import type { ItemStatus } from '../../backlog/order.ts'
import type { Item } from '../../backlog/item.ts'
import type { AgentSettings, SupervisorSettings } from '../../contract/supervisor/settings.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import type { Context } from '../../records/context.ts'
import { openPolicy } from '../../records/policy.ts'
import type { FrozenItem } from '../record/events.ts'
import type { BatchState } from '../record/state.ts'
import { isOver, newestBatch } from './find-batch.ts'
import { acceptedOf, goalOf, settledConfig } from './open.ts'
import { completed, otherGoal, stillOpen } from './refused-call.ts'
import { idsOf } from '../orders/order.ts'
import { itemReader, itemsOf, planNow } from '../decide/plan.ts'
import { criticsOf } from '../decide/planning.ts'
import { reviewersOf } from '../decide/reviews.ts'
import { neededFor, plannedOrder } from '../decide/planned-order.ts'
import type { Site } from './site.ts'

export interface PlannedItem {
  readonly item: Item
  readonly agent: string
  readonly starts: AgentSettings | null
  /** Null: nobody plans it. */
  readonly planner: string | null
  readonly critics: readonly string[]
  readonly reviewers: readonly string[]
  /** Starts of agents: if each is let through at once, and as many as there may be. */
  readonly least: number
  readonly most: number
}

/** What `run` would do. */
export interface DryRun {
  /** Null: a new one would be opened. */
  readonly batch: string | null
  readonly config: ProjectConfig
  readonly jobs: number
  readonly order: readonly PlannedItem[]
  /** Open items that would not start. */
  readonly left: readonly Item[]
}

export interface DryRunAsked {
  readonly items: readonly string[]
  readonly isNew: boolean
  readonly jobs: number | null
  /** Null: the backlog. */
  readonly goal: FrozenItem | null
}

/**
 * In which order items would be taken, by which agents, if each of them were done at once. Starts nothing and writes nothing, so it
 * is not known whether gates pass. Codes: those of run that can be told without either.
 */
export function dryRun(context: Context, site: Site, asked: DryRunAsked): Result<DryRun> {
  const found = newestBatch(context.env.home, site.repoId)
  if (!found.ok) return found
  const isOpen = found.value !== null && !isOver(found.value.state)
  if (found.value === null || !isOpen)
    return found.value === null || asked.isNew
      ? ofCheckout(context, site, asked)
      : completed(found.value.batch, asked.goal)
  if (asked.isNew) return stillOpen(found.value.batch)
  return otherGoal(found.value, asked.goal) ?? ofBatch(found.value.batch, found.value.state, asked)
}

function ofBatch(batch: string, state: BatchState, asked: DryRunAsked): Result<DryRun> {
  const { opened } = state
  const settled = settledConfig(opened.config.text, opened.config.path)
  if (!settled.ok) return settled
  const { config, settings } = settled.value
  const plan = planNow(opened, state, settings, itemReader(config))
  return planned(plan.items, { batch, config, settings }, asked, (id) => {
    const kind = state.items.get(id)?.standing.kind ?? 'parked'
    return plan.unapproved.has(id) && kind === 'open' ? 'parked' : kind === 'open' ? 'ready' : kind
  })
}

function ofCheckout(context: Context, site: Site, asked: DryRunAsked): Result<DryRun> {
  const policy = openPolicy(context.env.home, site.root)
  if (!policy.ok) return policy
  const settled = settledConfig(policy.value.approval.text, policy.value.approval.path)
  if (!settled.ok) return settled
  const { goal } = asked
  const accepted = goal === null ? acceptedOf(context, site, policy.value) : goalOf(goal, policy.value)
  if (!accepted.ok) return accepted
  const { config, settings } = settled.value
  const frozen = new Map(accepted.value.map((one) => [one.id, { frozen: one }]))
  const items = itemsOf({ items: frozen }, itemReader(config))
  return planned(items, { batch: null, config, settings }, asked, () => 'ready')
}

function planned(
  items: ReadonlyMap<string, Item>,
  { settings, ...of }: Pick<DryRun, 'batch' | 'config'> & { readonly settings: SupervisorSettings },
  asked: DryRunAsked,
  statusOf: (id: string) => ItemStatus,
): Result<DryRun> {
  const ids = idsOf(items, asked.items)
  if (!ids.ok) return ids
  const all = [...items.values()]
  const only = asked.items.length === 0 ? undefined : neededFor(all, ids.value, statusOf)
  // What is in work goes on first.
  const order = plannedOrder(all, (id) => (statusOf(id) === 'working' ? 'ready' : statusOf(id)), only)
  const left = all.filter(
    (one) =>
      !order.includes(one) && !['done', 'dropped'].includes(statusOf(one.id)) && (only?.has(one.id) ?? true),
  )
  return ok({
    ...of,
    jobs: asked.jobs ?? settings.jobs,
    left,
    order: order.map((item) => {
      const agent = item.agent ?? settings.roles.work[0] ?? ''
      const planner = settings.roles.plan[0] ?? null
      const critics = planner === null ? [] : criticsOf({ settings }, planner)
      const reviewers = reviewersOf({ items, settings }, item.id, agent)
      return {
        item,
        agent,
        starts: settings.agents[agent] ?? null,
        planner,
        critics,
        reviewers,
        least: 1 + (planner === null ? 0 : 1) + critics.length + reviewers.length,
        most: settings.limits.spawns,
      }
    }),
  })
}
