import { endProcesses, signal } from '../base/end-processes.ts'
import { type IsMarked, markedTrees } from '../base/process-table.ts'
import { GATE_VARIABLE } from './environment.ts'

/**
 * All living processes of a gate: those that carry the mark in their environment (also after setsid and a double
 * fork, also inside the sandbox's own pid namespace) and everything below them or below `leader`.
 * `mark` is `<runId>:<nonce>` for one gate, `<runId>` for all gates of a run.
 */
export function gateProcesses(mark: string, leader: number | null = null): number[] {
  return markedTrees(carries(mark), leader)
}

/** Ends everything of a gate; see `endProcesses`. */
export function endGate(mark: string, leader: number | null, graceMs: number): Promise<boolean> {
  return endProcesses(() => gateProcesses(mark, leader), graceMs)
}

/**
 * Kills all gates of a run at once and says how many processes it killed. Synchronous and without any state of the
 * process that started them: the deadline's worker thread calls it when the main thread hangs. Takes at most 2 s.
 */
export function killGatesOf(runId: string): number {
  const killed = new Set<number>()
  const cell = new Int32Array(new SharedArrayBuffer(4))
  const giveUp = performance.now() + 2000
  while (performance.now() < giveUp) {
    const left = gateProcesses(runId)
    if (left.length === 0) break
    for (const pid of left) {
      signal(pid, 'SIGKILL')
      killed.add(pid)
    }
    Atomics.wait(cell, 0, 0, 5)
  }
  return killed.size
}

function carries(mark: string): IsMarked {
  const entry = `${GATE_VARIABLE}=${mark}`
  return (entries, separator) =>
    entries.includes(`${separator}${entry}${separator}`) || entries.includes(`${separator}${entry}:`)
}
