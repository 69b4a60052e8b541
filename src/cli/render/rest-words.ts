import { never } from '../../base/result.ts'
import type { BatchView } from '../../views/batch-status.ts'

const WORDS: Readonly<Record<string, string>> = {
  iterations: 'As many attempts were opened as were asked for.',
  until: 'The time that was asked for is over.',
  chosen: 'The items that were asked for are at rest.',
  items: 'Every item that is not done is parked, or waits for one that is.',
  'parked-in-a-row': 'Several items in a row were parked, so something general may be wrong.',
  stopped: 'It was asked to stop.',
  'config-changed': 'The config differs from the one that the batch rests on.',
  'approval-withdrawn': 'Nobody approves the config any more.',
  'disk-low': 'Too little room is left on the disk.',
  'disk-full': 'The disk was full.',
  'head-red': 'Gates fail on the head as it is.',
  'could-not-run': 'The machine was in the way again and again.',
  spawns: 'Agents were started as often as a day allows.',
  signal: 'Its process was told to end.',
  crashed: 'Its process crashed so often that it is not started again.',
  'not-running': 'Nobody is at it: its process ended without a last word.',
  'head-moved': 'Somebody else moved the head.',
  'no-agent': 'No agent is left that can be used.',
  budget: 'The tokens or minutes of the batch are used up.',
  integrity: 'What is on record does not hold together.',
}

/** Why a batch stands where it stands, in a sentence. */
export function restWords({ state, code, quota }: Pick<BatchView, 'state' | 'code' | 'quota'>): string {
  switch (state) {
    case 'running':
      return 'A process is at it.'
    case 'completed':
      return 'Every item is done or dropped, and every gate of the final profile passed on the head.'
    case 'suspended':
      return quota === null
        ? 'What is left waits for an agent that cannot be asked now.'
        : 'What is left waits for an agent whose quota is used up.'
    case 'active':
    case 'parked':
    case 'paused':
    case 'halted':
      return WORDS[code ?? ''] ?? `The code of it is ${code}.`
    default:
      return never(state, 'state of a batch')
  }
}
