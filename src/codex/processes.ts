import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { endProcesses } from '../base/end-processes.ts'
import { mask } from '../base/mask.ts'
import { type ProcessId, parentOf, processStart } from '../base/process-id.ts'
import { type IsMarked, type Row, markedTrees, processTable } from '../base/process-table.ts'
import { clipText } from './clip.ts'
import type { Host } from './types.ts'

export interface SessionProcess {
  readonly pid: number
  /** Opaque; see ProcessId. */
  readonly start: string
  /** Arguments with spaces between them, cleaned, secrets masked, at most 300 bytes. */
  readonly command: string
}

/** hook ← shim ← shell ← codex or claude, and room for what a person put between. */
const MAX_ANCESTORS = 8
const endGraceMs = 2000

/** The Codex (or Claude Code) that runs this hook: the nearest ancestor of `fromPid` (or itself) whose program is called so. */
export function findCodexProcess(fromPid: number, host: Host = 'codex'): ProcessId | undefined {
  let pid: number | undefined = fromPid
  for (let step = 0; step < MAX_ANCESTORS && pid !== undefined && pid > 1; step += 1) {
    if (programNames(pid).some((name) => name.startsWith(host))) {
      const start = processStart(pid)
      return start === undefined ? undefined : { pid, start }
    }
    pid = parentOf(pid)
  }
  return undefined
}

/**
 * Commands of these sessions' agents (and of their child agents) that still run: one entry for each, its topmost process, which
 * nothing below can replace, with the words of what runs in it. A person's `!command` does not count. `exclude`: pids that
 * are ours; this process and its ancestors are never listed. Linux: from /proc; elsewhere nothing is known and the list is empty.
 */
export function sessionProcesses(
  sessionIds: readonly string[],
  exclude: number | readonly number[] = [],
): SessionProcess[] {
  if (process.platform !== 'linux') return []
  const skip = ours(exclude)
  const rows = processTable(isOfAgent(sessionIds)).filter((row) => row.marked && !skip.has(row.pid))
  const byPid = new Map(rows.map((row) => [row.pid, row]))
  return rows
    .filter((row) => !byPid.has(row.parent))
    .sort((a, b) => a.pid - b.pid)
    .map(({ pid, start }) => ({ pid, start, command: commandIn(pid, rows) }))
}

/** The sandbox's own processes say nothing about the command, unless one is all that is left of it. */
function commandIn(top: number, rows: readonly Row[]): string {
  let inside = [top]
  while (inside.length > 0) {
    const told = inside.find((pid) => !isSandboxWrapper(pid))
    if (told !== undefined) return commandLine(told)
    inside = rows.filter((row) => inside.includes(row.parent)).map((row) => row.pid)
  }
  return commandLine(top)
}

/**
 * Ends the commands that `sessionProcesses` lists, with all they started and the sandbox around them: 2 s for an orderly
 * end, then KILL. Resolves to those that are still there.
 */
export async function endSessionProcesses(
  sessionIds: readonly string[],
  exclude: number | readonly number[] = [],
): Promise<readonly SessionProcess[]> {
  if (process.platform !== 'linux') return []
  const find = (): readonly number[] => markedTrees(isOfAgent(sessionIds), null, ours(exclude))
  return (await endProcesses(find, endGraceMs)) ? [] : sessionProcesses(sessionIds, exclude)
}

/**
 * An agent's shell has the marks of its tool call; a person's `!command` in Codex has only the session. Of what Claude Code starts,
 * its tools' shells alone have the path of its program, hooks do not (measured on 2.1.332).
 */
function isOfAgent(sessionIds: readonly string[]): IsMarked {
  const ids = sessionIds.flatMap((id) => [
    `CODEX_THREAD_ID=${id}`,
    `CODEX_SESSION_ID=${id}`,
    `CLAUDE_CODE_SESSION_ID=${id}`,
  ])
  return (entries, separator) =>
    ids.some((id) => entries.includes(`${separator}${id}${separator}`)) &&
    ['CODEX_CI', 'CODEX_TOOL_CALL_ID', 'CLAUDE_CODE_EXECPATH'].some((name) =>
      entries.includes(`${separator}${name}=`),
    )
}

/** Never listed, never ended: `exclude`, this process and whatever started it. */
function ours(exclude: number | readonly number[]): ReadonlySet<number> {
  return new Set([exclude, process.pid, ancestors(process.pid)].flat())
}

function isSandboxWrapper(pid: number): boolean {
  return programNames(pid).some((name) => name === 'bwrap' || name.startsWith('codex'))
}

/** A process can hide its arguments, and is there all the same: then its short name in brackets, as ps does. */
function commandLine(pid: number): string {
  const text = readProc(pid, 'cmdline')?.replace(/\0+$/, '') || `[${readProc(pid, 'comm')?.trim() ?? '?'}]`
  return clipText(mask(text.replaceAll('\0', ' ').replaceAll('\n', ' ')), 300)
}

function programNames(pid: number): string[] {
  if (process.platform !== 'linux') return [path.basename(psCommand(pid))]
  const names = [readProc(pid, 'comm')?.trim() ?? '']
  try {
    names.push(path.basename(fs.readlinkSync(`/proc/${pid}/exe`)))
  } catch {
    // Of another user, or gone.
  }
  return names
}

function psCommand(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return ''
  }
}

function ancestors(pid: number): number[] {
  const parent = parentOf(pid)
  return parent === undefined || parent <= 1 ? [] : [parent, ...ancestors(parent)]
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
