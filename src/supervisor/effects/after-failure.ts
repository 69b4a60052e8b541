import type { ErrorCode } from '../../base/error-code.ts'
import type { Failure } from '../../base/result.ts'
import type { SupervisorSettings } from '../../contract/supervisor/settings.ts'
import type { NewBatchEvent } from '../record/events.ts'
import type { AttemptState, BatchState } from '../record/state.ts'
import { ENDINGS, type Happening, TABLE } from '../decide/table.ts'

/** The rows of the table that an effect meets by failing. */
const ROWS: Readonly<Partial<Record<ErrorCode, Happening>>> = {
  'head-moved': 'head-moved-by-stranger',
  'worktree-foreign': 'worktree-gone',
  'worktree-busy': 'worktree-busy',
}

/**
 * What comes of an effect that failed, as the table has it; everything else is the machine's, and tried again, later each time.
 * `now` in ms. Pure.
 */
export function afterFailure(
  { code, message }: Failure,
  attempt: AttemptState | undefined,
  { backedOff }: Pick<BatchState, 'backedOff'>,
  { baseSeconds, maxSeconds }: SupervisorSettings['backoff'],
  now: number,
): NewBatchEvent {
  const happening = ROWS[code]
  const answer = attempt && happening && TABLE[happening].stages[attempt.stage.at]
  // Whoever moved it, what is there was not proved.
  if (answer === 'halted')
    return { type: 'halted', data: { state: 'halted', code: 'head-moved', why: message } }
  const failure = happening && ENDINGS[happening]
  if (attempt && failure && answer === 'over')
    return { type: 'attempt-ending', data: { item: attempt.item, fence: attempt.fence, failure } }
  const times = backedOff?.times ?? 0
  const seconds = Math.min(baseSeconds * 2 ** times, maxSeconds)
  return { type: 'backed-off', data: { until: now + seconds * 1000, why: code, message, fence: null } }
}
