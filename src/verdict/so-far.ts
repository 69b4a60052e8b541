import type { Sha256 } from '../base/hash.ts'
import type { Contract } from '../contract/types.ts'
import type { StartGates } from './as-at-start.ts'
import type { Judgement } from './judgement.ts'
import type { RoomPasses } from './room-passes.ts'
import type { ChangedSince } from './standing.ts'

/** What a verdict needs to know of the run so far; the ledger's fold has all of it. Times in ms. */
export interface RunSoFar {
  readonly contract: Contract
  /** Judged stops that blocked since the limits were last made fresh. */
  readonly iteration: number
  /** Judged stops, ever. */
  readonly stops: number
  /** When the limits were last made fresh. */
  readonly limitsFrom: number
  readonly lastStop: Judgement | null
  /** Stops in a row with lastStop's signature and workspace. */
  readonly repeated: number
  /** Stops in a row in which the same command could not run, by command name. */
  readonly couldNotRun: Readonly<Record<string, number>>
  /** How gates went before there was any work; absent where none ran. */
  readonly startGates?: StartGates
  /** How gates last passed in the clean room; absent where none did. */
  readonly roomPasses?: RoomPasses
  /** The agent went on after a release, and no verdict of release came since. Absent otherwise. */
  readonly reopened?: { readonly at: number; readonly changes: ChangedSince | null }
  /** Processes the agent was told of, `<pid>/<start>`. */
  readonly named: readonly string[]
  /** Digests of the definition differences that were shown. */
  readonly shownDrifts: readonly Sha256[]
  /** Differences that a person accepted: what there may be at a path, as a comparison tells it, or at a part of a file (`file#/pointer`). Absent where there are none. */
  readonly accepted?: Readonly<Record<string, string>>
}
