import fs from 'node:fs'
import { execFileSync } from 'node:child_process'

/** A process that cannot be confused with a later one of the same number. `start` is opaque: compare for equality only. */
export interface ProcessId {
  readonly pid: number
  readonly start: string
}

/** Start time of a living process (Linux: clock ticks since boot from /proc; macOS: ps lstart); undefined when it is gone or a zombie. */
export function processStart(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const fields = statFields(pid)
    // Fields after the command: state is the first, starttime the twentieth (proc(5): field 22).
    return fields && fields[0] !== 'Z' && fields[0] !== 'X' ? fields[19] : undefined
  }
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() || undefined
    )
  } catch {
    return undefined
  }
}

/** Parent pid of a living process; undefined when unknown. */
export function parentOf(pid: number): number | undefined {
  if (process.platform === 'linux') {
    const fields = statFields(pid)
    return fields?.[1] === undefined ? undefined : Number(fields[1])
  }
  try {
    return (
      Number(
        execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      ) || undefined
    )
  } catch {
    return undefined
  }
}

export function isAlive(id: ProcessId): boolean {
  return processStart(id.pid) === id.start
}

export function self(): ProcessId {
  return { pid: process.pid, start: processStart(process.pid) ?? 'unknown' }
}

function statFields(pid: number): string[] | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The command in parentheses may itself hold spaces and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
