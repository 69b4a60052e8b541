import type { DefinitionChange } from '../definition/drift.ts'
import type { ShownEvidence } from '../verdict/words/protects-nothing.ts'
import type { EnableInput } from './activation.ts'

/** A request for a session that is known. */
export interface SessionRequest {
  readonly sessionId: string
  readonly root: string
  readonly requestId: string
  readonly input: EnableInput
}
/** What a request came to: the run as it is, or as the next hook will make it. */
export interface StartedRun {
  /** The request's id where it became another one on the way. */
  readonly requestId?: string
  readonly runId: string
  readonly contractHash: string
  readonly state: string
  readonly tasks: readonly string[]
  readonly changedBefore?: readonly DefinitionChange[]
  /** Globs of `copy` that matched nothing. */
  readonly unmatchedCopies?: readonly string[]
  readonly protectsNothing: readonly ShownEvidence[]
}
