import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { type ProcessId, parentOf, processStart } from '../base/process-id.ts'
import { clipText } from './clip.ts'

export interface SessionProcess {
  readonly pid: number
  /** Arguments with spaces between them, cleaned, at most 300 bytes. */
  readonly command: string
}

/** hook ← shim ← shell ← codex, and room for what a person put between. */
const MAX_ANCESTORS = 8

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
  const skip = new Set([exclude, process.pid, ancestors(process.pid)].flat())
  const found = new Map<number, number | undefined>()
  for (const name of fs.readdirSync('/proc')) {
    const pid = Number(name)
    if (Number.isInteger(pid) && !skip.has(pid) && isOfAgent(pid, sessionId)) found.set(pid, parentOf(pid))
  }
  // The sandbox's own processes say nothing about the command, unless one is all that is left of it.
  const parents = new Set(found.values())
  const named = [...found.keys()].filter((pid) => !(parents.has(pid) && isSandboxWrapper(pid)))
  return named
    .filter((pid) => !named.includes(found.get(pid) ?? -1))
    .sort((a, b) => a - b)
    .flatMap((pid) => {
      const command = commandLine(pid)
      return command === undefined ? [] : [{ pid, command }]
    })
}

function isOfAgent(pid: number, sessionId: string): boolean {
  const vars = readProc(pid, 'environ')?.split('\0')
  if (!vars) return false
  return (
    (vars.includes(`CODEX_THREAD_ID=${sessionId}`) || vars.includes(`CODEX_SESSION_ID=${sessionId}`)) &&
    vars.some((each) => each.startsWith('CODEX_CI=') || each.startsWith('CODEX_TOOL_CALL_ID='))
  )
}

function isSandboxWrapper(pid: number): boolean {
  return programNames(pid).some((name) => name === 'bwrap' || name.startsWith('codex'))
}

/** Undefined when the process ended meanwhile. */
function commandLine(pid: number): string | undefined {
  const text = readProc(pid, 'cmdline')
  return text ? clipText(text.replaceAll('\0', ' ').replaceAll('\n', ' '), 300) : undefined
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
