import fs from 'node:fs'
import process from 'node:process'
import { parentOf, processStart } from './process-id.ts'

/**
 * Ends what `find` finds: TERM, up to `graceMs` for an orderly end, then KILL until nothing is left. What was found once
 * is remembered: a child that outlives the parent by which it was found is ended, too. Resolves to whether nothing is left;
 * after 5 s of KILL it gives up (a process stuck in the kernel).
 */
export async function endProcesses(find: () => readonly number[], graceMs: number): Promise<boolean> {
  const known = new Map<number, string>()
  const alive = (): number[] => {
    for (const pid of find()) known.set(pid, processStart(pid) ?? '')
    return [...known].filter(([pid, start]) => processStart(pid) === start).map(([pid]) => pid)
  }
  const first = alive()
  if (first.length === 0) return true
  for (const pid of softTargets(first)) signal(pid, 'SIGTERM')
  const killFrom = performance.now() + graceMs
  const giveUp = killFrom + 5000
  for (let pause = 5; ; pause = Math.min(pause * 2, 50)) {
    await new Promise((resolve) => setTimeout(resolve, pause))
    const now = performance.now()
    const left = alive()
    if (left.length === 0) return true
    if (now > giveUp) return false
    if (now > killFrom) for (const pid of left) signal(pid, 'SIGKILL')
  }
}

/**
 * Of a command in the sandbox only its own processes get TERM: its wrappers would die of it at once and take the command
 * with them, without any time for an orderly end. Those inside have one pid more, in their own namespace.
 */
function softTargets(pids: readonly number[]): readonly number[] {
  const depths = new Map(pids.map((pid) => [pid, namespaceDepth(pid)]))
  const wrappers = new Set<number>()
  for (const [pid, depth] of depths)
    for (let up = parentOf(pid); up !== undefined && depths.has(up); up = parentOf(up))
      if ((depths.get(up) ?? depth) < depth) wrappers.add(up)
  return pids.filter((pid) => !wrappers.has(pid))
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
