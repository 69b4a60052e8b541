import type { BatchEvent } from '../../supervisor/record/events.ts'
import { seenLine } from '../claims.ts'
import { failureOf } from '../look.ts'
import { standing } from './look.ts'
import type { Played } from './play.ts'

/** Nothing is shown by what was never begun. */
export const wasAtWork = ({ events }: Played): boolean =>
  typeof events !== 'string' && countOf(events, 'turn-begun') > 0

export function leftWords({ left: commands }: Played): string {
  if (commands === null) return 'not looked at: only Linux tells'
  return commands.length === 0 ? 'no process' : seenLine(`left running: ${commands.join('; ')}`)
}

/** Where an item stands instead of where it should; without a batch why there is none. */
export function instead({ events, ran, killed: cut }: Played, id: string): string {
  if (typeof events === 'string') return ran === null ? events : failureOf('run', ran)
  if (cut !== null && cut.instead !== null) return failureOf('run', cut.instead)
  return `item ${id} is ${standing(events, id)}`
}

export const countOf = (events: readonly BatchEvent[], type: BatchEvent['type']): number =>
  events.filter((one) => one.type === type).length
