import { never } from '../../base/result.ts'
import type { AttemptFailure } from '../record/events.ts'

export function failureWords(failure: AttemptFailure): string {
  switch (failure.kind) {
    case 'turns':
      return 'it used up its turns'
    case 'no-progress':
      return 'it made no progress'
    case 'conflict':
      return 'it did not join with the work of others'
    case 'halted':
      return 'it reached the limit of checks'
    case 'interrupted':
      return 'it was interrupted'
    case 'worktree-gone':
      return 'its worktree was gone'
    case 'contract-changed':
      return 'the item was edited meanwhile'
    case 'dropped':
      return 'the item was dropped'
    case 'agent':
      return `the agent ended: ${failure.outcome.kind}`
    case 'review':
      return 'its reviewers did not pass it'
    case 'plan':
      return 'its plan was refused'
    case 'plan-touched':
      return `${failure.agent} was to plan, and changed files`
    case 'no-change':
      return 'it changed nothing'
    case 'parked':
      return `it was parked: ${failure.code}`
    default:
      return never(failure, 'failure of an attempt')
  }
}
