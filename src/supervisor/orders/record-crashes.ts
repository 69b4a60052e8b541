import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import type { Context } from '../../records/context.ts'
import { takeLock } from '../batch/lock.ts'
import { repoPaths } from '../batch/paths.ts'
import type { Site } from '../batch/site.ts'
import { openBatchLedger } from '../record/batch-ledger.ts'
import { openBatch } from './order.ts'

/** Puts on record that the open batch is not started again, and why. Codes: batch-unwritable, those of takeLock and of a ledger. */
export function recordCrashes(context: Context, site: Site, why: string): Result<void> {
  const lock = takeLock(repoPaths(context.env.home, site.repoId).lock)
  if (!lock.ok) return lock
  try {
    const found = openBatch(context, site)
    if (!found.ok) return found
    if (found.value === null) return ok(undefined)
    const ledger = openBatchLedger(found.value.paths.ledger, context.clock, null, () => {})
    if (!ledger.ok) return ledger
    try {
      ledger.value.append({ type: 'rested', data: { state: 'paused', code: 'crashed', why } })
    } finally {
      ledger.value.close()
    }
    return ok(undefined)
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.syscall === undefined) throw error
    return fail('batch-unwritable', `a file of the batch could not be written: ${systemWords(error)}`)
  } finally {
    lock.value.letGo()
  }
}
