import type { RunStatus } from '../../verdict/standing.ts'

/** Something that does not add up. */
export interface Finding {
  /** Stable name. */
  readonly code: string
  /** `broken`: cannot come about by itself. `suspect`: has honest explanations; a person has to look. */
  readonly level: 'broken' | 'suspect'
  readonly message: string
  /** When, ms since the epoch; null where it has no time. */
  readonly at: number | null
}

/** What somebody other than the judge did to a run: for the person to recognise, or not. */
export interface Act {
  readonly at: number
  readonly what: string
  readonly by: string
  readonly reason: string | null
}

export interface SessionAudit {
  readonly sessionId: string
  /** `archived`: it is the one in the archive, because none is in its place. */
  readonly ledger: { readonly events: number; readonly head: string; readonly archived: boolean }
  readonly runs: readonly { readonly runId: string; readonly objective: string; readonly state: RunStatus }[]
  readonly transcripts: readonly string[]
  /** Blocks in the ledger, and how many of them the transcript confirms. */
  readonly blocks: { readonly recorded: number; readonly confirmed: number }
  readonly acts: readonly Act[]
  readonly findings: readonly Finding[]
}

export const broken = (code: string, message: string, at: number | null = null): Finding => ({
  code,
  level: 'broken',
  message,
  at,
})
export const suspect = (code: string, message: string, at: number | null = null): Finding => ({
  code,
  level: 'suspect',
  message,
  at,
})
