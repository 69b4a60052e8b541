import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import process from 'node:process'
import { GATE_VARIABLE } from './environment.ts'

/** One living process as the table shows it. */
interface Row {
  readonly pid: number
  readonly parent: number
  readonly marked: boolean
}

/**
 * All living processes of a gate: those that carry the mark in their environment (also after setsid and a double
 * fork, also inside the sandbox's own pid namespace) and everything below them or below `leader`.
 * `mark` is `<runId>:<nonce>` for one gate, `<runId>` for all gates of a run.
 */
export function gateProcesses(mark: string, leader: number | null = null): number[] {
  const rows = process.platform === 'linux' ? linuxTable(mark) : psTable(mark)
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

function linuxTable(mark: string): Row[] {
  const rows: Row[] = []
  for (const name of fs.readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
      const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (state === 'Z' || state === 'X') continue
      rows.push({ pid, parent: Number(parent), marked: hasMark(environmentOf(pid), mark, '\0') })
    } catch {
      // Ended meanwhile.
    }
  }
  return rows
}

/** Empty for another user's process, which then still counts as somebody's child. */
function environmentOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}

/** Best effort elsewhere: `ps -E` shows the environment of one's own processes, separated by spaces. */
function psTable(mark: string): Row[] {
  let text: string
  try {
    text = execFileSync('/bin/ps', ['-A', '-E', '-ww', '-o', 'pid=,ppid=,stat=,command='], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return []
  }
  return text.split('\n').flatMap((line) => {
    const [, pid, parent, state = '', rest = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    if (pid === undefined || state.startsWith('Z') || Number(pid) === process.pid) return []
    return [{ pid: Number(pid), parent: Number(parent), marked: hasMark(rest, mark, ' ') }]
  })
}

function hasMark(environment: string, mark: string, separator: string): boolean {
  const whole = `${separator}${environment}${separator}`
  const entry = `${separator}${GATE_VARIABLE}=${mark}`
  return whole.includes(`${entry}${separator}`) || whole.includes(`${entry}:`)
}
