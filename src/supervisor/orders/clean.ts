import fs from 'node:fs'
import path from 'node:path'
import { removeOwned } from '../../base/owned-directory.ts'
import { type Result, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { readInventory } from '../../workspace/trees/inventory.ts'
import { dropRef } from '../../workspace/trees/our-refs.ts'
import { rescue } from '../../workspace/trees/rescue.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import { removeWorktree, stateOf } from '../../workspace/trees/worktree.ts'
import { newestBatch } from '../batch/find-batch.ts'
import { takeLock } from '../batch/lock.ts'
import { refs, repoPaths } from '../batch/paths.ts'
import { noteRemovedLogs } from '../record/removed-logs.ts'
import { planClean } from './plan-clean.ts'
import { planDiscard } from './plan-discard.ts'
import type { CleanPlan, Removable } from './removable.ts'
import { type Site, ownOf, seenOwn } from '../batch/site.ts'

export interface CleanAsked {
  /** Only shown. */
  readonly dry: boolean
  /** The batch that is discarded; null: only what nobody needs goes. */
  readonly discard: string | null
  /** How long the logs of a batch stay that is over and landed. */
  readonly keepLogsMs: number
}

export interface Cleaned extends CleanPlan {
  /** Refs under which something was kept that lay in a worktree. */
  readonly rescued: readonly string[]
}

/** Removes what nobody needs any more, or a whole batch by name. Codes: batch-running, batch-missing, and those of trees. */
export async function clean(context: Context, site: Site, asked: CleanAsked): Promise<Result<Cleaned>> {
  const lock = asked.dry ? null : takeLock(repoPaths(context.env.home, site.repoId).lock)
  if (lock?.ok === false) return lock
  try {
    return await cleanLocked(context, site, asked)
  } finally {
    if (lock?.ok) lock.value.letGo()
  }
}

async function cleanLocked(
  context: Context,
  site: Site,
  { dry, discard, keepLogsMs }: CleanAsked,
): Promise<Result<Cleaned>> {
  const newest = newestBatch(context.env.home, site.repoId)
  if (!newest.ok) return newest
  // Without a batch there is no repository of ours either, and none is made to look at it.
  if (newest.value === null && discard === null) return ok({ remove: [], kept: [], rescued: [] })
  const gatePath = newest.value?.state.opened.gatePath ?? context.env.vars['PATH'] ?? ''
  // Whoever only looks has no lock, and what runs is another process's.
  const opened = dry ? seenOwn(context, site, gatePath) : await ownOf(context, site, gatePath)
  if (!opened.ok) return opened
  if (opened.value === null) return ok({ remove: [], kept: [], rescued: [] })
  const own = ok(opened.value)
  const plan =
    discard === null
      ? await planClean(context, site, own.value, keepLogsMs)
      : await planDiscard(context, site, own.value, discard)
  if (!plan.ok || dry) return plan.ok ? ok({ ...plan.value, rescued: [] }) : plan
  const gone: Removable[] = []
  const kept = [...plan.value.kept]
  const rescued: string[] = []
  for (const one of plan.value.remove) {
    const done = await removeOne(own.value, one, context.clock())
    if (!done.ok) kept.push({ name: nameOf(one), why: done.error.message })
    else {
      gone.push(one)
      if (done.value !== null) rescued.push(done.value)
    }
  }
  return ok({ remove: gone, kept, rescued })
}

export function nameOf(one: Removable): string {
  return one.what === 'ref' ? one.ref.ref : one.dir
}

/** Where something of it was kept; null: there was nothing to keep. Codes: those of git, of rescue and of removeWorktree. */
export async function removeOne(
  own: OwnRepository,
  one: Removable,
  at: number,
): Promise<Result<string | null>> {
  if (one.what === 'ref') {
    const dropped = await dropRef(own, one.ref)
    return dropped.ok ? ok(null) : dropped
  }
  if (one.what === 'directory') {
    removeOwned(one.dir)
    return ok(null)
  }
  if (one.what === 'logs') {
    removeLogs(one, at)
    return ok(null)
  }
  const { name, dir } = one
  const known = readInventory(own, name)
  let kept: string | null = null
  if (one.rescue !== null && known !== null && stateOf(own, name) === 'ours') {
    const ref = refs.cleaned(one.rescue, name, at)
    const saved = await rescue(own, { name, dir, commit: known.commit }, known.commit, ref, at)
    if (!saved.ok) return saved
    if (saved.value.kind === 'set-aside') return ok(saved.value.directory)
    if (saved.value.kind === 'rescued') kept = ref
  }
  const removed = removeWorktree(own, name)
  return removed.ok ? ok(kept) : removed
}

/** Said before they go, so that an audit of one that was cut short does not wonder. */
function removeLogs({ batch, dir, files }: Extract<Removable, { what: 'logs' }>, at: number): void {
  noteRemovedLogs(batch, [...new Set(files.map((file) => file.split('/', 1)[0] ?? ''))], at)
  for (const file of files) fs.rmSync(path.join(dir, file), { force: true })
}
