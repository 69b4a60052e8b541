/** What a verdict waits for. */
export type Doing =
  | {
      readonly kind: 'gate'
      readonly name: string
      /** Its place in the list that is run, from 1. */
      readonly nth: number
      readonly of: number
      /** Absent: in the workspace. */
      readonly place?: 'clean-room'
    }
  /** The clean room is made, or made to hold what was looked at. */
  | { readonly kind: 'room' }
  /** A step of `prepare`. */
  | { readonly kind: 'prepare'; readonly name: string; readonly nth: number; readonly of: number }
  /** Another session is at this step of `prepare`, for the same. */
  | { readonly kind: 'other-session'; readonly name: string; readonly nth: number; readonly of: number }

/** Whoever wants to say meanwhile what a verdict waits for. Gates may run together. */
export interface Watch {
  began(doing: Doing): void
  /** The same object that began. */
  ended(doing: Doing): void
}
