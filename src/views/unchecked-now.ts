import { findTranscripts } from '../codex/transcript/find.ts'
import { uncheckedTurn } from '../control/unchecked-turn.ts'
import type { RunState } from '../ledger/state.ts'

/** Why the last turn of a session's run ended without a verdict, seen from outside; null when it did not. `live`: its Codex runs. */
export function uncheckedNow(
  codexHome: string,
  run: RunState,
  sessionId: string,
  live: boolean,
): string | null {
  // The tree of transcripts may be large.
  if (run.status !== 'active' || (run.unjudgedTurn === null && run.unjudgedWhy === null)) return null
  return uncheckedTurn(run, findTranscripts(codexHome, sessionId).at(-1) ?? null, !live)
}
