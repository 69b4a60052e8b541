import path from 'node:path'
import { type Result, err, ok } from '../../base/result.ts'
import { backlogFailure } from '../../backlog/failure.ts'
import { lookAtBacklog } from '../../backlog/read-backlog.ts'
import type { Approval } from '../../records/approvals.ts'
import type { Context } from '../../records/context.ts'
import { settledConfig } from '../batch/open.ts'
import { goalItem } from '../goal/plan-item.ts'
import { openBatch, order } from './order.ts'
import { siteOf } from '../batch/site.ts'
import type { BatchState } from '../record/state.ts'

/** How the open batch of a repository stands to a config: `none`: there is none. */
export type BatchConfig = 'none' | 'same' | 'differs' | 'amended'

/** Whether the open batch rests on this config. Codes: those of readBatch. */
export function batchConfigIs(context: Context, cwd: string, { sha256 }: Approval): Result<BatchConfig> {
  const site = siteOf(cwd)
  if (!site.ok) return ok('none')
  const found = openBatch(context, site.value)
  if (!found.ok) return found
  if (found.value === null) return ok('none')
  return ok(found.value.state.opened.config.sha256 === sha256 ? 'same' : 'differs')
}

/**
 * Has the open batch go by this config from its next start, where it rests on another. Codes: those of order and of settledConfig, and
 * invalid-backlog, where items of the batch do not fit the config.
 */
export function amendBatch(context: Context, cwd: string, approval: Approval): Result<BatchConfig> {
  const site = siteOf(cwd)
  if (!site.ok) return ok('none')
  const found = openBatch(context, site.value)
  if (!found.ok) return found
  if (found.value === null) return ok('none')
  const { sha256, text, gatePath } = approval
  if (found.value.state.opened.config.sha256 === sha256) return ok('same')
  const fits = itemsFit(found.value.state, approval)
  if (!fits.ok) return fits
  const config = { path: approval.path, sha256, text }
  const ordered = order(context, site.value, { kind: 'amend', config, gatePath })
  return ordered.ok ? ok('amended') : ordered
}

/** Items that are not over name commands and agents, which the config has to have. */
function itemsFit({ items }: BatchState, approval: Approval): Result<void> {
  const settled = settledConfig(approval.text, approval.path)
  if (!settled.ok) return settled
  const { config } = settled.value
  const all = [...items.values()]
  const [goals, backlog] = [all.filter(({ goal }) => goal !== null), all.filter(({ goal }) => goal === null)]
  const texts = backlog.map(({ frozen }) => ({ name: path.posix.basename(frozen.file), text: frozen.text }))
  const over = new Set(
    all.flatMap(({ frozen, standing: { kind } }) =>
      kind === 'done' || kind === 'dropped' ? [frozen.file] : [],
    ),
  )
  const problems = [
    ...(goals.length > 0 ? [] : lookAtBacklog({ texts, problems: [] }, config).problems),
    ...goals.flatMap(({ frozen }) => {
      const item = goalItem(frozen, config)
      return item.ok ? [] : item.error
    }),
  ]
  const standing = problems.filter(({ file }) => !over.has(file))
  return standing.length === 0 ? ok(undefined) : err(backlogFailure(standing))
}
