import fs from 'node:fs'
import { type Sha256, sha256 } from '../base/hash.ts'
import type { ProcessId } from '../base/process-id.ts'
import type { HookPayload } from '../codex/types.ts'
import type { ProvisionalRelease } from '../ledger/events.ts'
import type { RunState } from '../ledger/state.ts'

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

/**
 * What tells one stop from another. The transcript grows with every answer of the model, so the same payload with the same
 * length is the same stop, also for a caller that began after the other one was through. An agent may say the same words
 * twice: without a transcript only callers that overlapped count as one.
 */
export interface StopIdentity {
  /** Of the payload and the transcript's length. */
  readonly payloadSha256: Sha256
  /** Null when it did not tell its length. */
  readonly transcript: ProvisionalRelease['transcript']
}

export function identityOf({ transcriptPath }: Stop, raw: string): StopIdentity {
  const bytes = lengthOf(transcriptPath)
  if (transcriptPath === null || bytes === null) return { payloadSha256: sha256(raw), transcript: null }
  return { payloadSha256: sha256(`${raw}\0${bytes}`), transcript: { file: transcriptPath, bytes } }
}

/** Whether the last verdict of this run answers this stop. `sinceSeq`: the ledger when its caller began. */
export function isAnswered(
  { payloadSha256, transcript }: StopIdentity,
  { lastStop, lastStopSeq }: Pick<RunState, 'lastStop' | 'lastStopSeq'>,
  sinceSeq: number,
): boolean {
  return (
    lastStop?.delivered?.payloadSha256 === payloadSha256 && (transcript !== null || lastStopSeq > sinceSeq)
  )
}

function lengthOf(file: string | null): number | null {
  try {
    return file === null ? null : fs.statSync(file).size
  } catch {
    return null
  }
}
