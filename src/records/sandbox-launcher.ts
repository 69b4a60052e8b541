import fs from 'node:fs'
import path from 'node:path'
import type { ProcessId } from '../base/process-id.ts'
import { fail } from '../base/result.ts'
import { sandboxLaunch } from '../codex/sandbox/launch.ts'
import type { Context } from './context.ts'
import { readMachine } from './machine.ts'
import { cacheDirectories } from '../gates/cache-directories.ts'
import type { Launcher } from '../gates/types.ts'
import { homePaths } from '../ledger/paths.ts'

/** How gates are started inside Codex's own sandbox in this repository. Code: sandbox-unavailable, and those of sandboxLaunch. */
export function repositoryLauncher(context: Context, root: string, codex: ProcessId | null): Launcher {
  const { env } = context
  const machine = readMachine(env.home)
  const recorded = machine.ok ? machine.value.codex : null
  const binary = recorded && isExecutable(recorded.native) ? recorded.native : runningBinary(codex)
  const caches = cacheDirectories({ home: env.home, codexHome: env.codexHome, vars: env.vars })
  return (start) => {
    if (!binary)
      return fail('sandbox-unavailable', 'the codex binary that runs the sandbox was not found', {
        fix: 'autonomous-loop bootstrap',
      })
    return sandboxLaunch({
      codexBin: binary,
      sandboxCodexHome: homePaths(env.home).sandboxHome,
      root,
      argv: start.argv,
      writable: [...caches, ...start.command.writable],
      protectedDirs: [env.home, env.codexHome],
      network: start.command.network,
      env: start.env,
    })
  }
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
