import { never } from '../../base/result.ts'
import type { Doing } from '../../judging/watch.ts'
import { cleanRoomWords } from '../../verdict/words/place.ts'

type RunningGate = Extract<Doing, { kind: 'gate' }>

/** What is waited for, as `running gate test (3 of 5)`; gates that run together are named together. */
export function doingWords(all: readonly Doing[]): string {
  const [first] = all
  if (first === undefined) return 'looking at the workspace'
  switch (first.kind) {
    case 'room':
      return 'copying the workspace into a clean room'
    case 'prepare':
      return `preparing the clean room: ${first.name} (${first.nth} of ${first.of})`
    case 'other-session':
      return `waiting for another session that prepares the same: ${first.name} (${first.nth} of ${first.of})`
    case 'gate':
      return gateWords(
        first,
        all.filter((one) => one.kind === 'gate'),
      )
    default:
      return never(first, 'what is done')
  }
}

function gateWords({ name, nth, of, place }: RunningGate, all: readonly RunningGate[]): string {
  const where = place === 'clean-room' ? ` ${cleanRoomWords}` : ''
  if (all.length === 1) return `running gate ${name}${where} (${nth} of ${of})`
  const names = all.map((one) => one.name).join(', ')
  const numbers = all.map((one) => one.nth).join(', ')
  return `running gates ${names}${where} (${numbers} of ${of})`
}
