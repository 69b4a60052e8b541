import { execFileSync } from 'node:child_process'
import fs from 'node:fs'

/** One living process as the table shows it. */
export interface Row {
  readonly pid: number
  readonly parent: number
  /** Of the same moment as the rest; see ProcessId. Empty where only `ps` knows. */
  readonly start: string
  /** Its environment is one that was looked for. */
  readonly marked: boolean
}

/** Whether an environment is the wanted one: entries (`NAME=value`) with `separator` before, between and behind them. */
export type IsMarked = (entries: string, separator: string) => boolean

/** All processes but our own and zombies. */
export function processTable(isMarked: IsMarked): Row[] {
  return process.platform === 'linux' ? linuxTable(isMarked) : psTable(isMarked)
}

/** The marked ones, and `also`, with everything below them; never this process nor `except`. */
export function markedTrees(
  isMarked: IsMarked,
  also: number | null = null,
  except: ReadonlySet<number> = new Set(),
): number[] {
  const rows = processTable(isMarked)
  const children = new Map<number, number[]>()
  for (const row of rows) children.set(row.parent, [...(children.get(row.parent) ?? []), row.pid])
  const found = new Set<number>()
  const visit = (pid: number): void => {
    if (found.has(pid) || pid === process.pid || except.has(pid)) return
    found.add(pid)
    for (const child of children.get(pid) ?? []) visit(child)
  }
  for (const row of rows) if (row.marked || row.pid === also) visit(row.pid)
  return [...found]
}

function linuxTable(isMarked: IsMarked): Row[] {
  const rows: Row[] = []
  for (const name of fs.readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const [state = '', parent = ''] = fields
      if (state === 'Z' || state === 'X') continue
      rows.push({
        pid,
        parent: Number(parent),
        start: fields[19] ?? '',
        marked: isMarked(`\0${environmentOf(pid)}\0`, '\0'),
      })
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
function psTable(isMarked: IsMarked): Row[] {
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
    return [{ pid: Number(pid), parent: Number(parent), start: '', marked: isMarked(` ${rest} `, ' ') }]
  })
}
