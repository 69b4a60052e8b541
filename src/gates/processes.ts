import { endProcesses } from '../base/end-processes.ts'
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

function carries(mark: string): IsMarked {
  const entry = `${GATE_VARIABLE}=${mark}`
  return (entries, separator) =>
    entries.includes(`${separator}${entry}${separator}`) || entries.includes(`${separator}${entry}:`)
}
