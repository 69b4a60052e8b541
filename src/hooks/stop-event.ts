import type { Sha256 } from '../base/hash.ts'
import type { ProcessId } from '../base/process-id.ts'
import type { HookPayload } from '../codex/types.ts'
import type { StopRecord } from '../ledger/events.ts'

export type Stop = Extract<HookPayload, { event: 'Stop' }>

/** What the process around the hook knows: who started it, and how long it may take. */
export interface StopSurroundings {
  /** The shim's parent. */
  readonly parentPid: number
  /** The Codex that waits for the answer, as far as it was found. */
  readonly codex: ProcessId | undefined
  /** Raw payload. */
  readonly raw: string
  /** Clock time at which gates are ended and what is known by then is judged. */
  readonly deadline: number
  /** Takes the guard of the deadline away: from here on its answer would be another one than the ledger's. */
  readonly unguard: () => void
}

/** What judging one stop needs besides its payload. */
export interface Judging extends StopSurroundings {
  /** Ledger sequence when this caller began. */
  readonly sinceSeq: number
  /** Of the payload and the transcript's length. */
  readonly payloadSha256: Sha256
  /**
   * The transcript told its length. It grows with every answer of the model, so the same payload with the same length is
   * the same stop, also for a caller that began after the other one was through. An agent may say the same words twice:
   * without a transcript only callers that overlapped count as one.
   */
  readonly certain: boolean
  /** Requests of the agent that were refused at this stop, to be told with the answer. */
  readonly refused: readonly string[]
  /** Called by the one process that judged, once its verdict is in the ledger. */
  readonly recorded: (record: StopRecord) => void
}
