import { errno } from '../../base/read-file.ts'
import { type Result, fail } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import type { BatchLedger } from '../record/batch-ledger.ts'

/**
 * The answer of a run that a disk ended: what cannot be recorded is not done. On a full one the last event says why. Throws on what
 * is no failure of a disk. Codes: disk-full, batch-unwritable.
 */
export function unwritable(ledger: BatchLedger, data: string, error: unknown): Result<never> {
  if ((error as NodeJS.ErrnoException | null)?.syscall === undefined) throw error
  if (!['ENOSPC', 'EDQUOT'].includes(errno(error)))
    return fail('batch-unwritable', `a file of the batch could not be written: ${systemWords(error)}`)
  const why = `the disk of the home or of ${data} is full`
  ledger.appendLast({ type: 'rested', data: { state: 'paused', code: 'disk-full', why } })
  return fail('disk-full', why, { fix: 'autonomous-loop run' })
}
