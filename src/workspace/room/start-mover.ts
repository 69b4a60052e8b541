import type { Baseline, EvidenceOptions } from '../../evidence/types.ts'
import { moveRepository } from './moved-repository.ts'
import { keepStart, movedStart } from './moved-start.ts'
import type { CommitDifference } from './room-index.ts'
import type { RoomRepository } from './room-repository.ts'
import type { RoomState } from './room-state.ts'

/** What makes a room of a later start out of the one that is there. Handed in, because a session has one start and pays for what it loads. */
export interface StartMover {
  /** See `keepStart`. */
  readonly keep: (place: string, baselines: readonly Baseline[], options: EvidenceOptions) => string | null
  /** See `movedStart`. */
  readonly differs: (
    place: string,
    was: RoomState,
    baselines: readonly Baseline[],
    from: RoomRepository,
    options: EvidenceOptions,
  ) => readonly string[] | null
  /** See `moveRepository`. */
  readonly move: (room: string, from: RoomRepository, before: string) => CommitDifference | null
}

export const startMover: StartMover = { keep: keepStart, differs: movedStart, move: moveRepository }
