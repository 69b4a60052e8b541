import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { Context } from '../records/context.ts'
import { cliPath } from '../records/cli-place.ts'
import { readLive } from '../records/live.ts'

/**
 * Starts the home's command line for something that is no part of the answer, in a process group of its own, and does
 * not wait: what it needs (Codex's app server, a sandbox) stays out of the hook. Null when there is no command line or
 * it cannot be started; an errand may fail without anybody's harm.
 */
export function startErrand(
  { env }: Context,
  words: readonly string[],
  more: Readonly<Record<string, string>> = {},
): ChildProcess | null {
  const file = cliPath(env.home)
  if (!fs.existsSync(file)) return null
  try {
    const child = spawn(file, [...words, '--json'], {
      cwd: env.home,
      env: { ...env.vars, ...more },
      stdio: 'ignore',
      detached: true,
    })
    child.on('error', () => undefined)
    child.unref()
    return child
  } catch {
    return null
  }
}

/** The binary of the Codex that runs this session; another version may keep its state elsewhere. */
export function runningCodex(context: Context, sessionId: string): string | null {
  const codex = readLive(context.env.home, sessionId)?.codex
  if (!codex) return null
  try {
    const file = fs.realpathSync(`/proc/${codex.pid}/exe`)
    return path.basename(file).startsWith('codex') ? file : null
  } catch {
    return null
  }
}
