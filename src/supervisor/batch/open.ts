import fs from 'node:fs'
import path from 'node:path'
import { backlogFailure } from '../../backlog/failure.ts'
import { readBacklog } from '../../backlog/read-backlog.ts'
import type { Item } from '../../backlog/item.ts'
import { type Result, err, fail, ok } from '../../base/result.ts'
import { type SupervisorSettings, supervisorOf } from '../../contract/supervisor/settings.ts'
import { parseWholeConfig } from '../../contract/whole-config.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import { acceptedDigests } from '../../records/item-approvals.ts'
import type { Context } from '../../records/context.ts'
import { type OpenPolicy, openPolicy, problemsFailure } from '../../records/policy.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import { batchConfig } from '../judge/batch-config.ts'
import type { BatchOpened, FrozenItem } from '../record/events.ts'
import type { BatchState } from '../record/state.ts'
import { itemReader } from '../decide/plan.ts'
import { agentsReady } from './agents-ready.ts'
import { broughtHead } from './brought-head.ts'
import { goalFailure, goalItem } from '../goal/plan-item.ts'
import type { RunAsked } from './run-asked.ts'
import { ownOf } from './site.ts'
import { typedItem } from './typed-item.ts'
import { unfitConfig, unfitItems } from './unfit.ts'
import type { Site } from './site.ts'
import { branchOf } from './target.ts'

export interface Settled {
  readonly config: ProjectConfig
  readonly settings: SupervisorSettings
}

/** A config as a batch goes by it. Codes: invalid-config, and those of unfitConfig. */
export function settledConfig(text: string, file: string): Result<Settled> {
  const parsed = parseWholeConfig(text, file)
  if (!parsed.ok) return { ok: false, error: problemsFailure('invalid-config', file, parsed.error) }
  const config = batchConfig(parsed.value)
  const settings = supervisorOf(parsed.value)
  const why = unfitConfig(parsed.value, settings, file)
  return why ?? ok({ config, settings })
}

/** Everything a new batch is opened with. */
export interface Opening extends Settled {
  readonly own: OwnRepository
  readonly opened: BatchOpened
}

/**
 * What a new batch would rest on: the approved config, the items of the checkout that a person accepted, and the commit of HEAD.
 * Codes: those of openPolicy and of typedItem, invalid-backlog, backlog-unaccepted, no-commit, no-identity, and those of preflight.
 */
export async function planOpening(
  context: Context,
  site: Site,
  batch: string,
  { adopt, goal, task }: Pick<RunAsked, 'adopt' | 'goal' | 'task'>,
  landed: BatchState | null = null,
): Promise<Result<Opening>> {
  const policy = openPolicy(context.env.home, site.root)
  if (!policy.ok) return policy
  const { approval } = policy.value
  const settled = settledConfig(approval.text, approval.path)
  if (!settled.ok) return settled
  const items =
    task !== null
      ? typedItem(task, policy.value.config)
      : goal === null
        ? acceptedOf(context, site, policy.value, landed !== null)
        : goalOf(goal, policy.value)
  if (!items.ok) return items
  const own = await ownOf(context, site, approval.gatePath, adopt)
  if (!own.ok) return own
  const base = await broughtHead(context, site, own.value)
  if (!base.ok) return base
  const agents = agentsReady(
    context,
    settled.value.settings,
    items.value.map(itemReader(settled.value.config)),
    approval.gatePath,
  )
  if (!agents.ok) return agents
  const { identity } = own.value.person
  if (identity.name === '' || identity.email === '')
    return fail('no-identity', 'git does not know whose name the commits are to have', {
      fix: 'git config user.name "..." and git config user.email "..."',
    })
  return ok({
    ...settled.value,
    own: own.value,
    opened: {
      batch,
      repoId: site.repoId,
      top: site.top,
      prefix: site.prefix,
      config: { path: approval.path, sha256: approval.sha256, text: approval.text },
      gatePath: approval.gatePath,
      items: items.value,
      base: base.value,
      target: settled.value.settings.target ?? branchOf(site.top),
      identity,
      ...(landed === null ? {} : { over: overIn(landed, items.value) }),
    },
  })
}

/** The items of a checkout, all of them accepted as they are; `isLeftOut`: one that is not is left out. Codes: invalid-backlog, backlog-unaccepted, those of unfitItems. */
export function acceptedOf(
  context: Context,
  site: Site,
  { config }: OpenPolicy,
  isLeftOut = false,
): Result<readonly FrozenItem[]> {
  const backlog = readBacklog(site.root, config)
  if (!backlog.ok) return err(backlogFailure(backlog.error))
  const { items } = backlog.value
  const accepted = acceptedDigests(context.env.home, site.root, items)
  const missing = items.filter((one) => !accepted.has(one.digest))
  if (missing.length > 0 && !isLeftOut)
    return fail('backlog-unaccepted', `nobody has accepted: ${missing.map((one) => one.file).join(', ')}`, {
      fix: 'autonomous-loop allow',
      data: { items: missing.map((one) => one.id) },
    })
  const there = items.filter((one) => accepted.has(one.digest))
  const unfit = unfitItems(there, supervisorOf(config))
  return unfit ?? ok(there.map(frozenItem))
}

/** Those that were done or dropped there as they are now. */
function overIn({ items }: BatchState, now: readonly FrozenItem[]): NonNullable<BatchOpened['over']> {
  const which = (kind: 'done' | 'dropped'): readonly string[] =>
    now.flatMap(({ id, digest }) => {
      const had = items.get(id)
      return had?.standing.kind === kind && had.frozen.digest === digest ? [id] : []
    })
  return { done: which('done'), dropped: which('dropped') }
}

/** The goal that a person typed, who said yes to it then. Codes: invalid-goal, those of unfitItems. */
export function goalOf(goal: FrozenItem, { config }: OpenPolicy): Result<readonly FrozenItem[]> {
  const item = goalItem(goal, config)
  if (!item.ok) return err(goalFailure(goal.file, item.error))
  const unfit = unfitItems([item.value], supervisorOf(config))
  return unfit ?? ok([goal])
}

export const frozenItem = ({ id, file, digest, text, goal }: Item): FrozenItem => ({
  id,
  file,
  digest,
  text,
  ...(goal === undefined ? {} : { goal }),
})

/** Removes what an opening left that did not become a batch. */
export function forgetOpening(dir: string): void {
  if (fs.existsSync(path.join(dir, 'ledger.jsonl'))) return
  fs.rmSync(dir, { recursive: true, force: true })
}
