import fs from 'node:fs'
import path from 'node:path'
import { errno } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'

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

/** What Codex makes read-only at a writable root anyway; never opened up again. */
const ALWAYS_READ_ONLY = new Set(['.git', '.codex', '.agents', '.aws'])

/**
 * The `codex sandbox` command line for one command. Failures (each means: could not run, not the agent's fault):
 * `sandbox-home`, `sandbox-path` (a path the sandbox cannot express), `sandbox-unsafe` (the command could reach us).
 * Source: measured with 0.169 and 0.125; see docs/security.md.
 */
export function sandboxLaunch(request: SandboxRequest): Result<SandboxLaunch> {
  const home = prepareHome(request.sandboxCodexHome)
  if (!home.ok) return home
  const root = real(request.root)
  const env = { ...request.env }
  const protectedDirs = request.protectedDirs.map(real)
  const tmpDir = env['TMPDIR']
  // Codex makes $TMPDIR writable; one inside the state would be a way in.
  if (tmpDir !== undefined && !safeTmpDir(tmpDir, protectedDirs)) delete env['TMPDIR']
  const extra = writableDirs(request)
  const open = [root, '/tmp', ...(env['TMPDIR'] === undefined ? [] : [env['TMPDIR']]), ...extra].map(real)
  for (const check of [
    checkSayable(extra),
    checkReach(request, root, open, extra, protectedDirs),
    checkLinks(request.protectedDirs, open),
  ])
    if (!check.ok) return check
  const access = new Map<string, 'write' | 'read'>(extra.map((dir) => [dir, 'write']))
  for (const dir of protectedDirs)
    for (const [each, right] of guard(dir, open, protectedDirs)) access.set(each, right)
  const unsayable = checkSayable([...access.keys()])
  if (!unsayable.ok) return unsayable
  const legacy = usesSubcommand(request.codexVersion)
  const flags = legacy
    ? ['linux', '-c', profile(access, request.network, LEGACY_BASE), '-c', 'default_permissions="gate"']
    : ['-c', profile(access, request.network, null), '-P', 'gate', '-C', root]
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

function profile(access: ReadonlyMap<string, string>, network: boolean, base: string | null): string {
  const entries = [...access].map(([dir, right]) => `${tomlString(dir)}="${right}"`)
  const filesystem = [...(base === null ? [] : [base]), ...entries].join(',')
  const inherit = base === null ? 'extends=":workspace",' : ''
  return `permissions.gate={${inherit}filesystem={${filesystem}},network={enabled=${network}}}`
}

/** A TOML basic string: JSON's escapes are TOML's, except that TOML also wants DEL escaped. */
function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll('\u007F', '\\u007F')
}

/**
 * A read-only directory below a writable one can be moved away together with its parent and be replaced. A mount
 * point cannot be renamed, so every directory on the way is named and thereby mounted as well.
 */
function guard(
  dir: string,
  open: readonly string[],
  protectedDirs: readonly string[],
): [string, 'write' | 'read'][] {
  const around = open.filter((each) => isWithin(dir, each))
  const entries: [string, 'write' | 'read'][] = [[dir, 'read']]
  for (const outer of around) {
    const names = path.relative(outer, dir).split(path.sep)
    for (let depth = 1; depth < names.length; depth++) {
      const between = path.join(outer, ...names.slice(0, depth))
      if (protectedDirs.some((each) => isWithin(between, each))) continue
      const closed = names.slice(0, depth).some((name) => ALWAYS_READ_ONLY.has(name))
      entries.push([between, closed ? 'read' : 'write'])
    }
  }
  return around.length > 0 || isSayable(dir) ? entries : []
}

function writableDirs(request: SandboxRequest): string[] {
  const home = request.env['HOME'] ?? ''
  return request.writable
    .map((dir) => (dir === '~' || dir.startsWith('~/') ? path.join(home, dir.slice(1)) : dir))
    .filter((dir) => path.isAbsolute(dir) && fs.existsSync(dir))
    .map(real)
}

function safeTmpDir(dir: string, protectedDirs: readonly string[]): boolean {
  return path.isAbsolute(dir) && !protectedDirs.some((each) => isWithin(real(dir), each))
}

/** Codex reads * ? [ ] as a pattern, and drops tabs and line ends from a path: another directory would be meant. */
const isSayable = (dir: string): boolean => !/[*?[\]\t\n\r]/.test(dir)

function checkSayable(dirs: readonly string[]): Result<null> {
  const bad = dirs.find((dir) => !isSayable(dir))
  if (bad === undefined) return ok(null)
  return fail('sandbox-path', `Codex's sandbox would not take ${JSON.stringify(bad)} as it is`, {
    fix: 'use a path without * ? [ ], tabs and line ends',
  })
}

function checkReach(
  request: SandboxRequest,
  root: string,
  open: readonly string[],
  extra: readonly string[],
  protectedDirs: readonly string[],
): Result<null> {
  const inside = [root, ...extra].find((dir) => protectedDirs.some((each) => isWithin(dir, each)))
  if (inside !== undefined)
    return fail('sandbox-unsafe', `${inside} would be writable for gates, but it belongs to the controller`, {
      fix: 'remove it from `writable`, or move the repository out of CODEX_HOME',
    })
  if (extra.includes('/'))
    return fail('sandbox-unsafe', 'a gate with / as writable directory is no sandbox', {
      fix: 'name the directories it really writes',
    })
  const codex = real(request.codexBin)
  if (open.some((dir) => isWithin(codex, dir)))
    return fail('sandbox-unsafe', `codex itself (${codex}) lies where gates and agents write`, {
      fix: 'install Codex outside the workspace and the temp directory',
    })
  return ok(null)
}

/** A protected directory reached over a link that can be replaced would be protected in name only. */
function checkLinks(protectedDirs: readonly string[], open: readonly string[]): Result<null> {
  for (const dir of protectedDirs.map((each) => path.resolve(each))) {
    for (let at = dir; at !== path.dirname(at); at = path.dirname(at)) {
      const link = path.join(real(path.dirname(at)), path.basename(at))
      if (isLink(link) && open.some((each) => isWithin(link, each)))
        return fail('sandbox-unsafe', `${dir} is reached over the link ${link}, which gates could replace`, {
          fix: 'set CODEX_HOME or AUTONOMOUS_LOOP_HOME to the real directory',
        })
    }
  }
  return ok(null)
}

function isLink(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}

function isWithin(file: string, dir: string): boolean {
  return file === dir || file.startsWith(dir.endsWith(path.sep) ? dir : dir + path.sep)
}

/** Links resolved as far as the path exists. */
function real(file: string): string {
  const whole = path.resolve(file)
  try {
    return fs.realpathSync(whole)
  } catch {
    const parent = path.dirname(whole)
    return parent === whole ? whole : path.join(real(parent), path.basename(whole))
  }
}

function prepareHome(dir: string): Result<string> {
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  } catch (error) {
    return fail('sandbox-home', `${dir} for the gate sandbox cannot be made: ${errno(error)}`, {
      fix: 'autonomous-loop doctor',
    })
  }
  const config = path.join(dir, 'config.toml')
  if (!fs.existsSync(config)) return ok(real(dir))
  return fail('sandbox-home', `${config} would change what gates may do`, { fix: `rm ${config}` })
}
