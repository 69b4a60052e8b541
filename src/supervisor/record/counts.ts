import { never } from '../../base/result.ts'
import type { AttemptFailure } from './events.ts'

/** Whether this ending counts against the limit of attempts: what the agent is not to blame for does not. */
export function counts(failure: AttemptFailure): boolean {
  switch (failure.kind) {
    case 'turns':
    case 'no-progress':
    case 'conflict':
    case 'halted':
    case 'review':
    case 'plan':
      return true
    case 'agent':
      return failure.outcome.kind !== 'could-not-start' && failure.outcome.kind !== 'quota'
    case 'interrupted':
    case 'worktree-gone':
    case 'contract-changed':
    case 'dropped':
    case 'parked':
    // It counts for the planner.
    case 'plan-touched':
    // It has a limit of its own.
    case 'no-change':
      return false
    default:
      return never(failure, 'failure of an attempt')
  }
}
