import type { PublishedHead } from '../effects/publish.ts'
import type { BatchEvent, Rest } from '../record/events.ts'
import type { BatchState } from '../record/state.ts'
import type { Signals, World } from '../world.ts'

/** What one call of `run` asks for. */
export interface RunAsked {
  readonly iterations: number | null
  /** Milliseconds since the epoch. */
  readonly until: number | null
  readonly jobs: number | null
  /** Numbers of items: only they are begun, and what they wait for; empty: all. */
  readonly items: readonly string[]
  /** Opens a new batch where none is open. */
  readonly isNew: boolean
  readonly retryParked: boolean
  /** The repository was moved, and is the same one. */
  readonly adopt: boolean
}

export interface RunIo {
  readonly version: string
  readonly seen: (event: BatchEvent) => void
  /** The first signal, and the second. */
  readonly ending: AbortSignal
  readonly killing: AbortSignal
  /** What the first signal does. */
  readonly end: () => void
  readonly watch: World['watch']
}

export interface RunEnded {
  readonly batch: string
  readonly state: BatchState
  readonly rest: Rest
  /** Null where nothing was done. */
  readonly published: PublishedHead | null
}

/** What the signals of a call end. */
export function signalsOf({ ending, killing }: RunIo): Signals {
  return { gates: ending, endAgents: ending, killAgents: killing }
}
