import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { ProcessId } from '../base/process-id.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { shellWord } from '../base/shell-word.ts'
import { whyFailed } from '../codex/own-words.ts'
import { type SandboxLaunch, type SandboxRequest, sandboxLaunch } from '../codex/sandbox/launch.ts'
import type { Context } from './context.ts'
import { readMachine } from './machine.ts'
import { cacheDirectories } from '../gates/cache-directories.ts'
import type { Launcher } from '../gates/types.ts'
import { homePaths } from '../ledger/paths.ts'

/** How gates are started inside Codex's own sandbox in this repository. Code: sandbox-unavailable, and those of sandboxLaunch. */
export function repositoryLauncher(context: Context, root: string, codex: ProcessId | null): Launcher {
  const { env } = context
  const binary = recordedBinary(context) ?? runningBinary(codex)
  const caches = cacheDirectories({ home: env.home, codexHome: env.codexHome, vars: env.vars })
  return (start) => {
    if (!binary)
      return fail('sandbox-unavailable', 'the codex binary that runs the sandbox was not found', {
        fix: 'autonomous-loop bootstrap',
      })
    const { argv, command } = start
    const writable = [...caches, ...command.writable]
    return launchWith(context, root, binary, { argv, env: start.env, writable, network: command.network })
  }
}

function launchWith(
  { env }: Context,
  root: string,
  codexBin: string,
  what: Pick<SandboxRequest, 'argv' | 'env' | 'writable' | 'network'>,
): Result<SandboxLaunch> {
  return sandboxLaunch({
    ...what,
    codexBin,
    root,
    sandboxCodexHome: homePaths(env.home).sandboxHome,
    protectedDirs: [env.home, env.codexHome],
  })
}

/**
 * Runs `true` as a gate of this repository would be run: what the sandbox cannot do here (no user namespaces, a `.git` that is a
 * link) is better said before the work than after it. Where Codex's binary is not known nothing is tried.
 * Codes: sandbox-unusable, those of sandboxLaunch.
 */
export function trySandbox(context: Context, root: string, codexBin = recordedBinary(context)): Result<true> {
  if (codexBin === null) return ok(true)
  const env = { PATH: '/usr/bin:/bin', HOME: context.env.vars['HOME'] ?? '/' }
  const launch = launchWith(context, root, codexBin, { argv: ['true'], env, writable: [], network: false })
  if (!launch.ok) return launch
  const [file = '', ...args] = launch.value.argv
  const run = spawnSync(file, args, {
    cwd: root,
    env: launch.value.env,
    encoding: 'utf8',
    timeout: 20_000,
    killSignal: 'SIGKILL',
  })
  if (run.status === 0) return ok(true)
  const why = whyFailed(run)
  return fail('sandbox-unusable', `Codex's sandbox does not run in ${root}, so gates cannot: ${why}`, {
    fix: `codex sandbox -P :workspace -C ${shellWord(root)} -- true   (its message says what is in the way)`,
  })
}

function recordedBinary({ env }: Context): string | null {
  const machine = readMachine(env.home)
  const native = machine.ok ? machine.value.codex?.native : undefined
  return native !== undefined && isExecutable(native) ? native : null
}

/** The binary that runs this session, for when the recorded one has gone (an upgrade). */
function runningBinary(codex: ProcessId | null): string | null {
  if (!codex) return null
  try {
    const running = fs.realpathSync(`/proc/${codex.pid}/exe`)
    return path.basename(running).startsWith('codex') && isExecutable(running) ? running : null
  } catch {
    return null
  }
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return true
  } catch {
    return false
  }
}
