import fs from 'node:fs'
import path from 'node:path'
import { shellWord } from '../../base/shell-word.ts'
import { systemWords } from '../../base/system-words.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { isWithin, realPath } from '../../base/within.ts'
import { type Access, sandboxAccess } from './access.ts'

export interface SandboxRequest {
  /** The native binary: the npm launcher costs 50 ms more. */
  readonly codexBin: string
  /** Such as `0.169.0`; up to 0.125 the sandbox is asked for in other words. null: a current one. */
  readonly codexVersion: string | null
  /** A CODEX_HOME of our own without any config, so that no user or project config changes what is allowed. Made if missing. */
  readonly sandboxCodexHome: string
  /** The writable root. Codex takes it from `-C`; a subdirectory is entered afterwards, by the command itself. */
  readonly root: string
  readonly argv: readonly string[]
  /** Absolute, or `~/…`. Missing ones are left out: the sandbox cannot make them. */
  readonly writable: readonly string[]
  /** State home and CODEX_HOME: readable, never writable, wherever they lie. */
  readonly protectedDirs: readonly string[]
  readonly network: boolean
  readonly env: Readonly<Record<string, string>>
}

export interface SandboxLaunch {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly sandboxed: true
}

/**
 * The `codex sandbox` command line for one command. Failures (each means: could not run, not the agent's fault):
 * `sandbox-home`, `sandbox-path` (a path the sandbox cannot express), `sandbox-unsafe` (the command could reach us).
 * Source: measured with 0.169 and 0.125; see docs/security.md.
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
  const legacy = usesSubcommand(request.codexVersion)
  const flags = legacy
    ? ['linux', '-c', profile(access.value, request.network, LEGACY_BASE), '-c', 'default_permissions="gate"']
    : ['-c', profile(access.value, request.network, null), '-P', 'gate', '-C', root]
  return ok({
    argv: [request.codexBin, 'sandbox', ...flags, '--', ...request.argv],
    env: { ...env, CODEX_HOME: home.value },
    sandboxed: true,
  })
}

/** 0.125 knows no `extends` and takes the writable root from the working directory of the process. */
const LEGACY_BASE = '":root"="read",":project_roots"={"."="write"},":tmpdir"="write","/tmp"="write"'

function usesSubcommand(version: string | null): boolean {
  if (version === null) return false
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major === 0 && minor <= 125
}

function profile(access: Access, network: boolean, base: string | null): string {
  const entries = [...access].map(([dir, right]) => `${tomlString(dir)}="${right}"`)
  const filesystem = [...(base === null ? [] : [base]), ...entries].join(',')
  const inherit = base === null ? 'extends=":workspace",' : ''
  return `permissions.gate={${inherit}filesystem={${filesystem}},network={enabled=${network}}}`
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
