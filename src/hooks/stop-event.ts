import type { ProcessId } from '../base/process-id.ts'
import type { HookPayload } from '../codex/types.ts'

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
