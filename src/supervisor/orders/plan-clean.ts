import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { type Result, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { isAncestor } from '../../workspace/trees/own.ts'
import { type OurRef, refsBelow } from '../../workspace/trees/our-refs.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import { listWorktrees } from '../../workspace/trees/worktree.ts'
import { knownBatches } from '../batch/known-batches.ts'
import { batchPaths } from '../batch/paths.ts'
import { logsOf, planLogs } from './plan-logs.ts'
import type { CleanPlan, Removable } from './removable.ts'
import type { Site } from '../batch/site.ts'
import type { BatchState } from '../record/state.ts'
import { scratchOf } from '../effects/worktree-of.ts'

/** Refs of attempts and rescues stay at least this long. */
export const KEEP_MS = 30 * 24 * 3600_000

/**
 * What nobody needs any more: worktrees and directories of attempts that no open attempt uses, and refs of attempts and rescues that
 * are older than 30 days, of items whose work is in a commit that was landed; and logs. A head always stays. Only reads. Codes: those of git.
 */
export async function planClean(
  context: Context,
  site: Site,
  own: OwnRepository,
  keepLogsMs: number,
): Promise<Result<CleanPlan>> {
  const known = knownBatches(context, site)
  const broken = known.find((one) => one.isBroken)
  if (broken !== undefined)
    return ok({
      remove: [],
      kept: [{ name: broken.batch, why: 'its ledger is broken, so nobody knows what is in use' }],
    })
  const states = known.flatMap(({ state }) => state ?? [])
  const refs = await landedRefs(own, states, context.clock() - KEEP_MS)
  if (!refs.ok) return refs
  const logs = planLogs(
    known.flatMap(({ batch, state }) =>
      state === null ? [] : [logsOf(batchPaths(context.env.home, site.repoId, batch), state)],
    ),
    context.clock() - keepLogsMs,
  )
  const newest = known.at(-1)?.batch ?? 'none'
  const trees = worktreesOf(own, states, newest)
  const asides = namesIn(path.join(own.data, 'set-aside')).map((name) => ({
    name: path.join(own.data, 'set-aside', name),
    why: 'it holds work that could not be rescued; --discard of its batch removes it',
  }))
  return ok({
    remove: [...trees.remove, ...scratch(own, states), ...refs.value, ...logs],
    kept: [...trees.kept, ...asides],
  })
}

function worktreesOf(own: OwnRepository, states: readonly BatchState[], newest: string): CleanPlan {
  const inUse = new Set(states.flatMap(({ attempts }) => [...attempts.values()].map((one) => one.worktree)))
  const all = listWorktrees(own).filter(({ name }) => !inUse.has(name))
  return {
    remove: all.flatMap(({ name, dir, state }): Removable[] =>
      state === 'foreign' ? [] : [{ what: 'worktree', name, dir, rescue: newest }],
    ),
    kept: all.flatMap(({ dir, state }) =>
      state === 'foreign' ? [{ name: dir, why: 'it is not the directory that was made there' }] : [],
    ),
  }
}

/** Of attempts that were cut short: their temp directories and answers. */
function scratch(own: OwnRepository, states: readonly BatchState[]): readonly Removable[] {
  const inUse = new Set(
    states.flatMap(({ attempts }) =>
      [...attempts.values()].map((one) => scratchOf(own, one.item, one.attempt)),
    ),
  )
  const parent = path.join(own.data, 'attempts')
  return namesIn(parent)
    .map((name) => path.join(parent, name))
    .filter((dir) => !inUse.has(dir))
    .map((dir) => ({ what: 'directory', dir }))
}

async function landedRefs(
  own: OwnRepository,
  states: readonly BatchState[],
  before: number,
): Promise<Result<readonly Removable[]>> {
  const all = await refsBelow(own, 'refs/autonomous-loop/attempts', 'refs/autonomous-loop/rescue')
  if (!all.ok) return all
  const removable: Removable[] = []
  for (const ref of all.value.filter(({ at }) => at < before)) {
    const landed = await isItemLanded(own, states, ref)
    if (!landed.ok) return landed
    if (landed.value) removable.push({ what: 'ref', ref })
  }
  return ok(removable)
}

/** Whether the item that a ref is about is done, and in a commit that was landed. */
async function isItemLanded(
  own: OwnRepository,
  states: readonly BatchState[],
  { ref }: OurRef,
): Promise<Result<boolean>> {
  const [, , , batch, item = ''] = ref.split('/')
  const state = states.find(({ opened }) => opened.batch === batch)
  const standing = state?.items.get(item)?.standing
  if (standing?.kind !== 'done' || !state?.landed) return ok(false)
  return isAncestor(own, standing.commit, state.landed.commit)
}
