import fs from 'node:fs'
import process from 'node:process'

/**
 * Ends what `find` finds: TERM, up to `graceMs` for an orderly end, then KILL until nothing is left. Resolves to
 * whether nothing is left; after 5 s of KILL it gives up (a process stuck in the kernel).
 */
export async function endProcesses(find: () => readonly number[], graceMs: number): Promise<boolean> {
  const first = find()
  if (first.length === 0) return true
  for (const pid of softTargets(first)) signal(pid, 'SIGTERM')
  const killFrom = performance.now() + graceMs
  const giveUp = killFrom + 5000
  for (let pause = 5; ; pause = Math.min(pause * 2, 50)) {
    await new Promise((resolve) => setTimeout(resolve, pause))
    const now = performance.now()
    const left = find()
    if (left.length === 0) return true
    if (now > giveUp) return false
    if (now > killFrom) for (const pid of left) signal(pid, 'SIGKILL')
  }
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

/** A process that is gone already, or is not ours to signal, is no error. */
export function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch {
    // See above.
  }
}
