import fs from 'node:fs'
import process from 'node:process'
import { processTable } from './process-table.ts'

/**
 * All living processes of a gate: those that carry the mark in their environment (also after setsid and a double
 * fork, also inside the sandbox's own pid namespace) and everything below them or below `leader`.
 * `mark` is `<runId>:<nonce>` for one gate, `<runId>` for all gates of a run.
 */
export function gateProcesses(mark: string, leader: number | null = null): number[] {
  const rows = processTable(mark)
  const children = new Map<number, number[]>()
  for (const row of rows) children.set(row.parent, [...(children.get(row.parent) ?? []), row.pid])
  const found = new Set<number>()
  const visit = (pid: number): void => {
    if (found.has(pid) || pid === process.pid) return
    found.add(pid)
    for (const child of children.get(pid) ?? []) visit(child)
  }
  for (const row of rows) if (row.marked || row.pid === leader) visit(row.pid)
  return [...found]
}

/**
 * Ends everything of a gate: TERM, up to `graceMs` for an orderly end, then KILL until nothing is left. Resolves to
 * whether nothing is left; after 5 s of KILL it gives up (a process stuck in the kernel).
 */
export async function endGate(mark: string, leader: number | null, graceMs: number): Promise<boolean> {
  const first = gateProcesses(mark, leader)
  if (first.length === 0) return true
  for (const pid of softTargets(first)) signal(pid, 'SIGTERM')
  const killFrom = performance.now() + graceMs
  const giveUp = killFrom + 5000
  for (let pause = 5; ; pause = Math.min(pause * 2, 50)) {
    await new Promise((resolve) => setTimeout(resolve, pause))
    const now = performance.now()
    const left = gateProcesses(mark, leader)
    if (left.length === 0) return true
    if (now > giveUp) return false
    if (now > killFrom) for (const pid of left) signal(pid, 'SIGKILL')
  }
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

/**
 * In the sandbox only the command's own processes get TERM: its wrappers would die of it at once and take the command
 * with them, without any time for an orderly end. Those inside have a second pid, in their own namespace.
 */
function softTargets(pids: readonly number[]): readonly number[] {
  const inside = pids.filter((pid) => namespaceDepth(pid) > 1)
  return inside.length > 0 ? inside : pids
}

function namespaceDepth(pid: number): number {
  try {
    const line = /^NSpid:\s*(.+)$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? ''
    return line.split(/\s+/).length
  } catch {
    return 1
  }
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone already, or not ours to signal.
  }
}
