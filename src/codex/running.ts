import fs from 'node:fs'
import path from 'node:path'
import type { Env } from '../base/env.ts'
import { parentOf } from '../base/process-id.ts'
import { realPath } from '../base/within.ts'

/** A Codex that runs now: a terminal session, an editor's app server, or the daemon that outlives its terminals. */
export interface RunningCodex {
  readonly pid: number
  /** Its binary; the path from which it was started, also when that file is gone. */
  readonly exe: string
  /** The binary was replaced or removed since: it runs what an upgrade left behind. */
  readonly replaced: boolean
  readonly cwd: string | null
  readonly daemon: boolean
}

/**
 * Every Codex of this user with this CODEX_HOME; what such a process started itself (sandboxes, hooks) is not listed.
 * Source: /proc; elsewhere than on Linux nothing is known and the list is empty.
 */
export function runningCodexes(env: Env): RunningCodex[] {
  if (process.platform !== 'linux') return []
  const home = realPath(env.codexHome)
  const found = new Map(
    fs
      .readdirSync('/proc')
      .map(Number)
      .filter(Number.isInteger)
      .flatMap((pid) => {
        const codex = look(pid, home)
        return codex ? [[pid, codex] as const] : []
      }),
  )
  return [...found.values()].filter(({ pid }) => !hasListedAncestor(pid, found))
}

function look(pid: number, codexHome: string): RunningCodex | undefined {
  try {
    const link = fs.readlinkSync(`/proc/${pid}/exe`)
    const replaced = link.endsWith(' (deleted)')
    const exe = replaced ? link.slice(0, -' (deleted)'.length) : link
    if (!/^codex(?:-|$)/.test(path.basename(exe))) return undefined
    const vars = fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    const value = (name: string) => vars.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1)
    const own = value('CODEX_HOME') || path.join(value('HOME') ?? '/', '.codex')
    if (!path.isAbsolute(own) || realPath(own) !== codexHome) return undefined
    const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    if (words[1] === 'sandbox') return undefined
    return {
      pid,
      exe,
      replaced,
      cwd: readlink(`/proc/${pid}/cwd`),
      daemon: exe.includes('/app-server-daemon/'),
    }
  } catch {
    // Gone meanwhile, or another user's.
    return undefined
  }
}

function hasListedAncestor(pid: number, found: ReadonlyMap<number, RunningCodex>): boolean {
  for (let at = parentOf(pid); at !== undefined && at > 1; at = parentOf(at)) if (found.has(at)) return true
  return false
}

function readlink(file: string): string | null {
  try {
    return fs.readlinkSync(file)
  } catch {
    return null
  }
}
