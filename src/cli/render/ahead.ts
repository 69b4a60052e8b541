import type { RunAhead } from '../../setup/install/measure-request.ts'
import { cleanRoomWords } from '../../verdict/words/place.ts'

/** A run of a gate that is measured, before it begins. */
export function aheadWords(
  { name, place, network, box, expectedMs }: RunAhead,
  names: readonly string[],
): string {
  const where = place === 'clean-room' ? ` ${cleanRoomWords}` : ''
  const how = `${network ? 'with network' : 'without network'}${box === false ? ' and without the box' : ''}`
  const about =
    expectedMs === null ? 'how long is unknown until measured' : `about ${secondsWords(expectedMs)}`
  return `running ${name}${where} ${how} (${names.indexOf(name) + 1} of ${names.length}, ${about})`
}

export const secondsWords = (ms: number): string =>
  ms < 120_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`
