import { findTranscripts } from '../codex/transcript/find.ts'
import type { Host } from '../codex/types.ts'
import { uncheckedTurn } from '../control/unchecked-turn.ts'
import type { RunState } from '../ledger/state.ts'

/** Why the last turn of a session's run ended without a verdict, seen from outside; null when it did not. `live`: its Codex runs. */
export function uncheckedNow(
  codexHome: string,
  run: RunState,
  sessionId: string,
  live: boolean,
  host: Host = 'codex',
): string | null {
  // The tree of transcripts may be large.
  if (run.status !== 'active' || (run.unjudgedTurn === null && run.unjudgedWhy === null)) return null
  // What the cap on its blocks was, only its own hooks see.
  if (host === 'claude') return uncheckedTurn(run, null, !live, '')
  return uncheckedTurn(run, findTranscripts(codexHome, sessionId).at(-1) ?? null, !live)
}
