import { type Asked, releaseCommands } from '../contract/release-commands.ts'
import { verifiedIn } from '../contract/verify.ts'
import type { MeasuredBefore } from '../records/measured-before.ts'

/** Where the gates that a release needs have to pass. */
export interface VerifiedPlaces {
  readonly clean_room: readonly string[]
  /** `why`: as far as it was measured. */
  readonly in_place: readonly { readonly gate: string; readonly why: string | null }[]
}

export function verifiedPlaces(asked: Asked, { inPlace }: Pick<MeasuredBefore, 'inPlace'>): VerifiedPlaces {
  const { config } = asked
  const all = releaseCommands(asked)
  const isInRoom = (one: (typeof all)[number]): boolean =>
    config !== null && verifiedIn(one, config.policy) === 'clean-room'
  const why = new Map(Object.entries(inPlace))
  return {
    clean_room: all.filter(isInRoom).map(({ name }) => name),
    in_place: all
      .filter((one) => !isInRoom(one))
      .map(({ name }) => ({ gate: name, why: why.get(name) ?? null })),
  }
}
