import { oneLine } from '../../base/text.ts'
import { cleanRoomWords } from '../../verdict/words/place.ts'
import type { VerifiedPlaces } from '../../views/verified.ts'

/** Of what a gate said, on one line. Characters. */
const MOST = 60

/** Where gates have to pass, as `3 in the clean room; in place: e2e (exit code 1)`; null where none needs the room. */
export function verifiedWords({ clean_room: inRoom, in_place: inPlace }: VerifiedPlaces): string | null {
  if (inRoom.length === 0) return null
  const others = inPlace.map(({ gate, why }) => (why === null ? gate : `${gate} (${oneLine(why, MOST)})`))
  return [
    `${inRoom.length} ${cleanRoomWords}`,
    ...(others.length === 0 ? [] : [`in place: ${others.join(', ')}`]),
  ].join('; ')
}
