import { sha256 } from '../base/hash.ts'
import type { RunState } from '../ledger/state.ts'

export interface PromptSession {
  /** Absent: Codex's. */
  readonly host?: 'claude'
  readonly sessionId: string
  readonly cwd: string
  readonly turnId: string | null
}

/** The same for every hook that hears of one prompt (a project's and the user's own); null where Codex names no turn. */
export function promptRequestId({ sessionId, turnId }: PromptSession, objective: string): string | null {
  return turnId === null ? null : sha256(`${sessionId}\0${turnId}\0${objective}`).slice(0, 32)
}

/** Whether a person's `$autonomous-loop …` replaces this run instead of being refused. */
export function givesWay(run: RunState): boolean {
  return run.activation.origin.kind === 'session' && run.activation.origin.armedBy === 'agent'
}
