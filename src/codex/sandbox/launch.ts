import fs from 'node:fs'
import path from 'node:path'
import { shellWord } from '../../base/shell-word.ts'
import { systemWords } from '../../base/system-words.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { isWithin, realPath } from '../../base/within.ts'
import { type Access, sandboxAccess, writableDirs } from './access.ts'

export interface SandboxRequest {
  /** The native binary: the npm launcher costs 50 ms more. */
  readonly codexBin: string
  /** A CODEX_HOME of our own without any config, so that no user or project config changes what is allowed. Made if missing. */
  readonly sandboxCodexHome: string
  /** The writable root. Codex takes it from `-C`; a subdirectory is entered afterwards, by the command itself. */
  readonly root: string
  readonly argv: readonly string[]
  /** Absolute, or `~/…`. Missing ones are left out: the sandbox cannot make them. */
  readonly writable: readonly string[]
  /** State home and CODEX_HOME: readable, never writable, wherever they lie. */
  readonly protectedDirs: readonly string[]
  /** Files and directories that it cannot even read. Absent: none. */
  readonly hidden?: readonly string[]
  readonly network: boolean
  readonly env: Readonly<Record<string, string>>
}

export interface SandboxLaunch {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly sandboxed: true
  /** The root and the extra directories, absolute, links resolved. */
  readonly writable: readonly string[]
}

/**
 * The `codex sandbox` command line for one command. Failures (each means: could not run, not the agent's fault):
 * `sandbox-home`, `sandbox-path` (a path the sandbox cannot express), `sandbox-unsafe` (the command could reach us).
 * Source: measured with 0.169 and 0.171; see docs/security.md.
 */
export function sandboxLaunch(request: SandboxRequest): Result<SandboxLaunch> {
  const home = prepareHome(request.sandboxCodexHome)
  if (!home.ok) return home
  const env = { ...request.env }
  const tmpDir = env['TMPDIR']
  // Codex makes $TMPDIR writable; one inside the state would be a way in.
  if (tmpDir !== undefined && !isSafeTmpDir(tmpDir, request.protectedDirs)) delete env['TMPDIR']
  const root = realPath(request.root)
  const access = sandboxAccess({ ...request, root, env })
  if (!access.ok) return access
  const flags = ['-c', profile(access.value, request.network), '-P', 'gate', '-C', root]
  return ok({
    argv: [request.codexBin, 'sandbox', ...flags, '--', ...request.argv],
    env: { ...env, CODEX_HOME: home.value },
    sandboxed: true,
    writable: [root, ...writableDirs({ ...request, env })],
  })
}

function profile(access: Access, network: boolean): string {
  const filesystem = [...access].map(([dir, right]) => `${tomlString(dir)}="${right}"`).join(',')
  return `permissions.gate={extends=":workspace",filesystem={${filesystem}},network={enabled=${network}}}`
}

/** A TOML basic string: JSON's escapes are TOML's, except that TOML also wants DEL escaped. */
function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll('\u007F', '\\u007F')
}

function isSafeTmpDir(dir: string, protectedDirs: readonly string[]): boolean {
  return path.isAbsolute(dir) && !protectedDirs.some((each) => isWithin(realPath(dir), realPath(each)))
}

function prepareHome(dir: string): Result<string> {
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  } catch (error) {
    return fail('sandbox-home', `${dir} for the gate sandbox cannot be made: ${systemWords(error)}`, {
      fix: 'autonomous-loop doctor',
    })
  }
  const config = path.join(dir, 'config.toml')
  if (!fs.existsSync(config)) return ok(realPath(dir))
  return fail('sandbox-home', `${config} would change what gates may do`, { fix: `rm ${shellWord(config)}` })
}
