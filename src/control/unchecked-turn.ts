import { never } from '../base/result.ts'
import { type TurnEnd, turnEnd } from '../codex/transcript/turn-end.ts'
import { type RunState, armingTurn } from '../ledger/state.ts'

/**
 * Why the last turn of a run ended without a verdict, in words; null when it was judged, was not to be, or may be under way. The
 * ledger knows which turn was not judged, Codex's transcript how it ended. `ended`: nothing of it goes on, whatever the
 * transcript says. `cap`: in a session of Claude Code, the blocks in a row after which it
 * lets a turn go. Times in ms.
 */
export function uncheckedTurn(
  run: RunState,
  transcript: string | null,
  ended: boolean,
  cap?: string,
): string | null {
  const { unjudgedTurn: turn, unjudgedWhy: noted } = run
  if (run.status !== 'active') return null
  if (noted !== null) return noted
  if (turn === null) return null
  if (transcript === null && cap !== undefined) return ended ? endOfClaude(run, cap) : null
  if (transcript === null)
    return ended ? 'an error, an interrupt, or a Stop hook that Codex could not start' : null
  const end = turnEnd(transcript, turn === armingTurn ? null : turn, turn === armingTurn ? run.createdAt : 0)
  return end ? endWords(end) : ended ? 'Codex was ended in the middle of it' : null
}

function endOfClaude({ lastStop, iteration }: RunState, cap: string): string {
  return Number(cap) > 0 && lastStop?.verdict === 'block' && iteration > Number(cap)
    ? `it was blocked, and Claude Code lets a turn go after ${cap} blocks in a row (CLAUDE_CODE_STOP_HOOK_BLOCK_CAP)`
    : 'an error, an interrupt, or a Stop hook that gave Claude Code no answer in time'
}

function endWords(end: TurnEnd): string | null {
  switch (end.kind) {
    case 'interrupted':
      return 'it was interrupted'
    case 'error':
      return `an error ended it (${end.message})`
    case 'completed':
      return 'Codex got no answer from the Stop hook; it cannot start one where the directory of the session was moved, removed or closed to it'
    case 'plan':
      return null
    default:
      return never(end, 'end of a turn')
  }
}
