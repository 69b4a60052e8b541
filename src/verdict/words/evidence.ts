import { never } from '../../base/result.ts'
import type { ProvedBy } from '../proof.ts'

/** What proved it, or did not. */
export function provedWords(by: ProvedBy): string {
  switch (by.kind) {
    case 'look':
      return by.found
    case 'command':
      return {
        passed: `gate ${by.name} passed`,
        failed: `gate ${by.name} failed`,
        'could-not-run': `gate ${by.name} could not run`,
      }[by.outcome]
    case 'nothing':
      return 'not looked at: its gate was not run'
    default:
      return never(by, 'proof')
  }
}
