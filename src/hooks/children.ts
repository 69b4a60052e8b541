import { isAlive } from '../base/process-id.ts'
import { sessionProcesses } from '../codex/processes.ts'
import { lastTurnMark } from '../codex/transcript/turn-mark.ts'
import type { Child, RunState } from '../ledger/state.ts'
import type { WorkingChild } from '../verdict/facts.ts'

/** A child that shows no life for this long is lost: nothing written to its transcript, none of its commands running. */
export const lostAfterMs = 10 * 60_000

/**
 * Children of this run's agent that are at work. The child's own transcript tells, which lies where no sandboxed agent
 * can write; its hooks alone do not: an error or a close ends a child without SubagentStop, and input that is sent to
 * it later starts it again without SubagentStart (measured on 0.169). `now` in ms.
 */
export function childrenAtWork(run: RunState, now: number): readonly WorkingChild[] {
  return run.children
    .filter((child) => isAtWork(child, now))
    .map(({ id, agentType }) => ({ id, agentType: agentType ?? 'agent' }))
}

function isAtWork(child: Child, now: number): boolean {
  // Threads live in the Codex process: they are gone with it, however it ended.
  if (child.codex && !isAlive(child.codex)) return false
  const mark = child.transcript === null ? null : lastTurnMark(child.transcript)
  const known = mark?.ok ? mark.value : null
  if (known?.state === 'ended') return false
  if (child.stoppedAt !== null && (known?.at ?? 0) <= child.stoppedAt) return false
  const lastLife = Math.max(child.startedAt, child.stoppedAt ?? 0, known?.writtenAt ?? 0)
  // A clock that was set back must not hold the root for a day.
  if (Math.abs(now - lastLife) <= lostAfterMs) return true
  return sessionProcesses([child.id]).length > 0
}
