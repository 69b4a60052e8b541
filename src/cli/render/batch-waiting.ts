import { oneLine } from '../../base/text.ts'
import { never } from '../../base/result.ts'
import type { Waiting } from '../../supervisor/decide/waiting.ts'
import { clock } from './clock.ts'

const HELD: Readonly<Record<Extract<Waiting, { kind: 'held' }>['why'], string>> = {
  'config-changed': 'the config has changed',
  'approval-withdrawn': 'nobody approves the config any more',
  'disk-low': 'too little room on the disk',
}

const AGENT: Readonly<Record<Extract<Waiting, { kind: 'agent' }>['why'], (agent: string) => string>> = {
  failures: (agent) => `the agent ${agent} failed too often`,
  'signed-out': (agent) => `the agent ${agent} is not signed in`,
  'model-unknown': (agent) => `the agent ${agent} has no such model`,
}

/** What an item waits for. */
export function waitingWords(waiting: Waiting): string {
  switch (waiting.kind) {
    case 'after':
      return `after ${waiting.items.join(', ')}`
    case 'unaccepted':
      return 'its file is not accepted'
    case 'held':
      return HELD[waiting.why]
    case 'agent':
      return `${AGENT[waiting.why](waiting.agent)}${waiting.said === undefined ? '' : `: ${oneLine(waiting.said, 200)}`}`
    case 'mends':
      return `${waiting.item} mends a gate first`
    case 'exclusive':
      return `never at the same time as ${waiting.item}`
    case 'ticket':
      return `${waiting.item} is integrated first`
    case 'until':
      return `until ${clock(waiting.at)}: ${waiting.agent === undefined ? '' : `${waiting.agent}, `}${waiting.why}`
    default:
      return never(waiting, 'what an item waits for')
  }
}
