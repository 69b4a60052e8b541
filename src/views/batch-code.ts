import { never } from '../base/result.ts'
import type { Rest } from '../supervisor/record/events.ts'

/** Exit code of `status --batch --check` and of `run`. */
export function restCode(rest: Rest | null): number {
  if (rest === null) return 4
  switch (rest.state) {
    case 'completed':
      return 0
    case 'active':
      return 4
    case 'parked':
      return 5
    case 'paused':
      return 6
    case 'halted':
      return 7
    case 'suspended':
      return 10
    default:
      return never(rest, 'rest of a batch')
  }
}
