import { type Result, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { continuousProcess } from '../batch/continuous-process.ts'
import { repoPaths } from '../batch/paths.ts'
import type { Site } from '../batch/site.ts'
import { watcherOf } from '../batch/watcher.ts'
import { type Ordered, order } from './order.ts'
import { leaveRequest } from './requests.ts'

/**
 * Tells the process that works here to end, also one that waits for more to do and holds no lock: an order that nobody runs goes into
 * the record, and such a process would not hear of it. Codes: those of order.
 */
export function orderStop(context: Context, site: Site, now: boolean): Result<Ordered> {
  const repo = repoPaths(context.env.home, site.repoId)
  // Looked at first: they may hear of it at once.
  const waits = continuousProcess(repo) !== null
  const watcher = watcherOf(repo)
  const ordered = order(context, site, { kind: 'stop', now })
  if (!ordered.ok || ordered.value.by === 'running') return ordered
  if (waits) {
    const left = leaveRequest(repo.requests, { kind: 'stop', now })
    return left.ok ? ok({ by: 'running' }) : left
  }
  // The run is gone, and is about to be started again.
  if (watcher !== null && watcherOf(repo) !== null) {
    process.kill(watcher.process.pid, 'SIGTERM')
    return ok({ by: 'running' })
  }
  return ordered
}
