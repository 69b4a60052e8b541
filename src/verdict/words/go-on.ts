import { never } from '../../base/result.ts'
import type { RunStatus } from '../standing.ts'

/** How a person who reads this in the session goes on, and how one who has left it does. One sentence. */
export function goOnWords(status: RunStatus, session: string, host?: 'claude'): string {
  const again = host === 'claude' ? 'claude --resume' : 'codex resume'
  return `${here(status)} (from a terminal: ${again} ${session}).`
}

function here(status: RunStatus): string {
  switch (status) {
    case 'active':
    case 'parked':
      return 'Your next prompt goes on'
    case 'paused':
      return 'Stops are not judged until the prompt autonomous-loop resume'
    case 'halted':
      return 'The prompt autonomous-loop resume goes on with fresh limits'
    case 'released':
    case 'waived':
    case 'disabled':
      return 'Your next prompt goes on, and nothing holds it'
    default:
      return never(status, 'run state')
  }
}
