import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { endProcesses } from '../base/end-processes.ts'
import { type ProcessId, parentOf, processStart } from '../base/process-id.ts'
import { type IsMarked, markedTrees, processTable } from '../base/process-table.ts'
import { clipText } from './clip.ts'

export interface SessionProcess {
  readonly pid: number
  /** Opaque; see ProcessId. */
  readonly start: string
  /** Arguments with spaces between them, cleaned, at most 300 bytes. */
  readonly command: string
}

/** hook ← shim ← shell ← codex, and room for what a person put between. */
const MAX_ANCESTORS = 8
const endGraceMs = 2000

/** The Codex that runs this hook: the nearest ancestor of `fromPid` (or itself) whose program is called codex…. */
export function findCodexProcess(fromPid: number): ProcessId | undefined {
  let pid: number | undefined = fromPid
  for (let step = 0; step < MAX_ANCESTORS && pid !== undefined && pid > 1; step += 1) {
    if (programNames(pid).some((name) => name.startsWith('codex'))) {
      const start = processStart(pid)
      return start === undefined ? undefined : { pid, start }
    }
    pid = parentOf(pid)
  }
  return undefined
}

/**
 * Commands of this session's agent (and of its child agents) that still run, topmost process of each. A person's
 * `!command` does not count. `exclude`: pids that are ours; this process and its ancestors are never listed.
 * Linux: from /proc; elsewhere nothing is known and the list is empty.
 */
export function sessionProcesses(
  sessionId: string,
  exclude: number | readonly number[] = [],
): SessionProcess[] {
  if (process.platform !== 'linux') return []
  const skip = ours(exclude)
  const rows = processTable(isOfAgent(sessionId)).filter((row) => row.marked && !skip.has(row.pid))
  const found = new Map(rows.map((row) => [row.pid, row.parent]))
  // The sandbox's own processes say nothing about the command, unless one is all that is left of it.
  const parents = new Set(found.values())
  const named = [...found.keys()].filter((pid) => !(parents.has(pid) && isSandboxWrapper(pid)))
  return named
    .filter((pid) => !named.includes(found.get(pid) ?? -1))
    .sort((a, b) => a - b)
    .flatMap((pid) => {
      const start = processStart(pid)
      return start === undefined ? [] : [{ pid, start, command: commandLine(pid) }]
    })
}

/**
 * Ends the commands that `sessionProcesses` lists, with all they started and the sandbox around them: 2 s for an orderly
 * end, then KILL. Resolves to those that are still there.
 */
export async function endSessionProcesses(
  sessionId: string,
  exclude: number | readonly number[] = [],
): Promise<readonly SessionProcess[]> {
  if (process.platform !== 'linux') return []
  const gone = await endProcesses(() => markedTrees(isOfAgent(sessionId), null, ours(exclude)), endGraceMs)
  return gone ? [] : sessionProcesses(sessionId, exclude)
}

/** An agent's shell has the marks of its tool call; a person's `!command` has only the session. */
function isOfAgent(sessionId: string): IsMarked {
  return (entries, separator) =>
    ['CODEX_THREAD_ID', 'CODEX_SESSION_ID'].some((name) =>
      entries.includes(`${separator}${name}=${sessionId}${separator}`),
    ) && ['CODEX_CI', 'CODEX_TOOL_CALL_ID'].some((name) => entries.includes(`${separator}${name}=`))
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
  return clipText(text.replaceAll('\0', ' ').replaceAll('\n', ' '), 300)
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
