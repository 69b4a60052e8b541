import { type Result, err, ok } from '../../base/result.ts'
import { backlogFailure } from '../../backlog/failure.ts'
import type { Item } from '../../backlog/item.ts'
import { readItemName } from '../../backlog/item-id.ts'
import { lookAtBacklog, readBacklogFiles } from '../../backlog/read-backlog.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import type { Context } from '../../records/context.ts'
import { itemStandings } from '../../records/item-approvals.ts'
import { openPolicy } from '../../records/policy.ts'
import { settledConfig } from '../batch/open.ts'
import type { EditedItem } from './edited-item.ts'
import { editedPlan } from './edited-plan.ts'
import { isTyped, withFrozen } from './item-files.ts'
import { openBatch } from './order.ts'
import type { Site } from '../batch/site.ts'
import { isGoalBatch } from '../record/fold-goal.ts'
import type { BatchState } from '../record/state.ts'

export type { EditedItem }

export interface EditedItems {
  /** Of the open batch; null: none is open, and acceptance is for the next one. */
  readonly batch: string | null
  readonly config: ProjectConfig
  readonly items: readonly EditedItem[]
}

/**
 * The items that wait for a person's word. With an open batch: what differs from what it froze; else what nobody accepted on this
 * machine. Codes: those of openPolicy, of readBatch, and invalid-backlog.
 */
export function editedItems(context: Context, site: Site): Result<EditedItems> {
  const open = openBatch(context, site)
  if (!open.ok) return open
  const config = open.value === null ? approved(context, site) : frozenConfig(open.value.state)
  if (!config.ok) return config
  // A backlog is another batch's.
  if (open.value !== null && isGoalBatch(open.value.state)) {
    const { batch, state } = open.value
    const plan = editedPlan(site.root, state, config.value)
    return plan.ok ? ok({ batch, config: config.value, items: plan.value }) : plan
  }
  if (open.value !== null && isTyped(open.value.state))
    return ok({ batch: open.value.batch, config: config.value, items: [] })
  const files = readBacklogFiles(site.root)
  const there = new Set(files.texts.flatMap(({ name }) => readItemName(name)?.id ?? []))
  const { items: all, problems } = lookAtBacklog(
    open.value === null ? files : withFrozen(files, open.value.state),
    config.value,
  )
  if (problems.length > 0) return err(backlogFailure(problems))
  const items = all.filter(({ id }) => there.has(id))
  if (open.value === null) {
    const standings = itemStandings(context.env.home, site.root, items)
    const waiting = items.flatMap((item, at): EditedItem[] => {
      const standing = standings[at] ?? 'new'
      return standing === 'accepted' ? [] : [{ id: item.id, kind: standing, item, isDropped: false }]
    })
    return ok({ batch: null, config: config.value, items: waiting })
  }
  const { batch, state } = open.value
  return ok({ batch, config: config.value, items: differing(state, items) })
}

function approved(context: Context, site: Site): Result<ProjectConfig> {
  const policy = openPolicy(context.env.home, site.root)
  return policy.ok ? ok(policy.value.config) : policy
}

function frozenConfig({ opened }: BatchState): Result<ProjectConfig> {
  const settled = settledConfig(opened.config.text, opened.config.path)
  return settled.ok ? ok(settled.value.config) : settled
}

/** Items of the checkout that the batch has otherwise or not at all, and those of the batch that have no file any more. */
function differing(state: BatchState, items: readonly Item[]): readonly EditedItem[] {
  const byId = new Map(items.map((one) => [one.id, one]))
  const there = items.flatMap((item): EditedItem[] => {
    const had = state.items.get(item.id)
    if (had === undefined) return [{ id: item.id, kind: 'new', item, isDropped: false }]
    const { frozen, rejected, standing } = had
    const isSettled = frozen.digest === item.digest || rejected === item.digest || standing.kind === 'done'
    return isSettled ? [] : [{ id: item.id, kind: 'changed', item, isDropped: standing.kind === 'dropped' }]
  })
  const gone = [...state.items].flatMap(
    ([
      id,
      {
        frozen: { joins },
        rejected,
        standing: { kind },
      },
    ]): EditedItem[] =>
      byId.has(id) || joins !== undefined || rejected === null || kind === 'done' || kind === 'dropped'
        ? []
        : [{ id, kind: 'gone', item: null, isDropped: false }],
  )
  return [...there, ...gone].sort((a, b) => Number(a.id) - Number(b.id))
}
