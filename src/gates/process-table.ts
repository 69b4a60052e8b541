import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { GATE_VARIABLE } from './environment.ts'

/** One living process as the table shows it. */
export interface Row {
  readonly pid: number
  readonly parent: number
  /** Its environment carries the gate's mark. */
  readonly marked: boolean
}

/** All processes but our own and zombies. `mark` is `<runId>:<nonce>` of a gate or `<runId>` for all gates of a run. */
export function processTable(mark: string): Row[] {
  return process.platform === 'linux' ? linuxTable(mark) : psTable(mark)
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
