import type { PinId } from './pin-id.ts'

/** A value that gives a gate its meaning. */
export interface Pin {
  readonly id: PinId
  /** Digest or short value; null means it must not exist. */
  readonly value: string | null
  /** The file an agent would restore. */
  readonly file: string
  /** Short text of the value where it is text (script bodies), for exact differences. */
  readonly text?: string
  /** A gate that has to pass in place rests on it, where others pass in the clean room. */
  readonly inPlace?: true
}

export interface PinChange {
  readonly id: PinId
  readonly file: string
  readonly before: string | null
  readonly after: string | null
}
