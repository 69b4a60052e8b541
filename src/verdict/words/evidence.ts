import { never } from '../../base/result.ts'
import type { Evidence } from '../../contract/types.ts'
import type { ProvedBy } from '../proof.ts'

/** Evidence as one would say it: `pathChanged src/**`. */
export function askedFor(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'commandRef':
      return `commandRef ${evidence.name}`
    case 'fileMatches':
      return `fileMatches ${evidence.path} ${evidence.absent === true ? 'without ' : ''}/${evidence.pattern}/`
    case 'pathExists':
    case 'pathAbsent':
    case 'pathChanged':
    case 'pathUnchanged': {
      const min =
        evidence.kind === 'pathExists' && evidence.min !== undefined ? ` (at least ${evidence.min})` : ''
      return `${evidence.kind} ${evidence.path ?? evidence.glob ?? ''}${min}`
    }
    default:
      return never(evidence, 'kind of evidence')
  }
}

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
