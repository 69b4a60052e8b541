import { type Result, fail, ok } from '../../base/result.ts'
import { itemId } from '../../backlog/item-id.ts'
import { ensureHome } from '../../ledger/home.ts'
import type { Context } from '../../records/context.ts'
import { openBatchLedger } from '../record/batch-ledger.ts'
import { waitersFor } from '../decide/dependants.ts'
import { type FoundBatch, isOver, newestBatch } from '../batch/find-batch.ts'
import { takeLock } from '../batch/lock.ts'
import { settledConfig } from '../batch/open.ts'
import { repoPaths } from '../batch/paths.ts'
import { itemReader, itemsOf } from '../decide/plan.ts'
import { type Request, forgetRequests, leaveRequest, takeInRequests } from './requests.ts'
import type { Site } from '../batch/site.ts'
import type { BatchState } from '../record/state.ts'

/** Who has it: `running`: the process that supervises, which acts on it by itself. `here`: it is on record; the state after it. */
export type Ordered =
  | { readonly by: 'running' }
  | { readonly by: 'here'; readonly batch: string; readonly state: BatchState }
  /** Nobody supervises, and there is no open batch: nothing was to be ordered. */
  | { readonly by: 'nobody' }

/**
 * Asks something of the open batch. Only the process with the lock acts: the one that supervises is left a request, and where there
 * is none this process takes the lock and puts it on record. Codes: home-unwritable, lock-io, those of a ledger.
 */
export function order(context: Context, site: Site, request: Request): Result<Ordered> {
  const { home } = context.env
  const made = ensureHome(home)
  if (!made.ok) return made
  const repo = repoPaths(home, site.repoId)
  const left = leaveRequest(repo.requests, request)
  if (!left.ok) return left
  const lock = takeLock(repo.lock)
  if (!lock.ok) return lock.error.code === 'batch-running' ? ok({ by: 'running' }) : lock
  try {
    return onRecord(context, site, request.kind === 'reopen')
  } finally {
    lock.value.letGo()
  }
}

/** `completed`: a batch that is over is meant too. */
function onRecord(context: Context, site: Site, completed: boolean): Result<Ordered> {
  const { home } = context.env
  const { requests } = repoPaths(home, site.repoId)
  const found = completed ? newestBatch(home, site.repoId) : openBatch(context, site)
  if (!found.ok) return found
  if (found.value === null) {
    forgetRequests(requests)
    return ok({ by: 'nobody' })
  }
  const { batch, paths, state } = found.value
  const settled = settledConfig(state.opened.config.text, state.opened.config.path)
  if (!settled.ok) return settled
  const ledger = openBatchLedger(paths.ledger, context.clock, null, () => {})
  if (!ledger.ok) return ledger
  const read = itemReader(settled.value.config)
  try {
    takeInRequests(ledger.value, requests, (id) => waitersFor(itemsOf(ledger.value.state(), read), id))
    return ok({ by: 'here', batch, state: ledger.value.state() })
  } finally {
    ledger.value.close()
  }
}

/** The newest batch unless it is completed; null where nothing is open. Codes: those of readBatch. */
export function openBatch({ env }: Context, site: Site): Result<FoundBatch | null> {
  const found = newestBatch(env.home, site.repoId)
  if (!found.ok) return found
  return ok(found.value === null || isOver(found.value.state) ? null : found.value)
}

/** The same where one is needed. Codes: batch-missing, and those of readBatch. */
export function needOpenBatch(context: Context, site: Site): Result<FoundBatch> {
  const found = openBatch(context, site)
  if (!found.ok) return found
  return found.value === null
    ? fail('batch-missing', 'this repository has no open batch', { fix: 'autonomous-loop run' })
    : ok(found.value)
}

/** Ids as the batch knows them, of numbers as they are typed. Code: no-item, for the first that it does not have. */
export function idsOf(
  items: ReadonlyMap<string, unknown>,
  typed: readonly string[],
): Result<readonly string[]> {
  const ids = [...new Set(typed.map(itemId))]
  const unknown = ids.find((id) => !items.has(id))
  return unknown === undefined
    ? ok(ids)
    : fail('no-item', `the batch has no item ${unknown}; it has ${[...items.keys()].join(', ')}`, {
        fix: 'autonomous-loop status --batch',
      })
}
