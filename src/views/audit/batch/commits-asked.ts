import type { BatchEvent } from '../../../supervisor/record/events.ts'
import type { BatchState } from '../../../supervisor/record/state.ts'
import type { OwnRepository } from '../../../workspace/trees/types.ts'
import type { AttemptRecord } from '../../show/attempts.ts'
import type { BatchFinding } from './types.ts'

export interface Commits {
  readonly commits: number
  readonly refs: number
  readonly findings: readonly BatchFinding[]
}

export interface CommitsAsked {
  readonly own: OwnRepository
  readonly state: BatchState
  readonly events: readonly BatchEvent[]
  readonly attempts: readonly AttemptRecord[]
  /** As they were before the ledger was read: a head that moves meanwhile is on record first. */
  readonly ours: ReadonlyMap<string, string>
  readonly isAlive: boolean
  readonly now: number
}
