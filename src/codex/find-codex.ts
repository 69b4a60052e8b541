import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import type { ErrorCode } from '../base/error-code.ts'
import { isExecutable } from '../base/file-kind.ts'
import type { Env } from '../base/env.ts'
import { errno } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { whyFailed } from './own-words.ts'

export interface Codex {
  /** As found: what a person would type, stable across upgrades. Absolute. */
  readonly path: string
  /** The native binary behind it (50 ms faster to start than the npm launcher), or the real path of `path`. */
  readonly native: string
  /** Such as `0.169.0`. */
  readonly version: string
}

const INSTALL = 'npm install -g @openai/codex'

/** The oldest Codex whose hooks, trust and sandbox are what this program rests on; see docs/codex-facts.md. */
export const oldestCodex = '0.169'

/**
 * The Codex of this person: `AUTOLOOP_CODEX`, else the first on PATH. Entries that are relative, in the temp directory
 * or in `workspace` (by default the repository around the working directory) are passed over: an agent can write there.
 * Failures: `codex-missing`, `codex-unusable`, `codex-too-old`.
 */
export function findCodex(env: Env, workspace: string | null = workspaceOf(env.cwd)): Result<Codex> {
  const located = locate(env, workspace)
  if (!located.ok) return located
  return codexAt(located.value, env.vars)
}

/** The Codex at this path, which is there. Failures: `codex-unusable`, `codex-too-old`. */
export function codexAt(file: string, vars: Env['vars']): Result<Codex> {
  const native = nativeOf(file)
  const version = codexVersion(native, vars)
  if (!version.ok) return version
  if (isTooOld(version.value))
    return fail(
      'codex-too-old',
      `${file} is Codex ${version.value}; ${oldestCodex} is the oldest that is supported`,
      {
        fix: `${INSTALL}@latest`,
        data: { version: version.value },
      },
    )
  return ok({ path: file, native, version: version.value })
}

/** A build from source calls itself 0.0.0: nobody knows its age, so it counts as current. */
function isTooOld(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  const [oldMajor = 0, oldMinor = 0] = oldestCodex.split('.').map(Number)
  if (major === 0 && minor === 0 && patch === 0) return false
  return major < oldMajor || (major === oldMajor && minor < oldMinor)
}

/** Runs `codex --version` with these variables (Codex makes a directory in CODEX_HOME, if that exists). Failures: `codex-missing` (no such file), `codex-unusable` (cannot run, or is no Codex). */
export function codexVersion(codexPath: string, vars: Env['vars'] = process.env): Result<string> {
  const run = spawnSync(codexPath, ['--version'], {
    env: { ...vars },
    encoding: 'utf8',
    timeout: 20_000,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 16,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const code = run.error === undefined ? undefined : errno(run.error)
  if (code === 'ENOENT') return fail('codex-missing', `${codexPath} does not exist`, { fix: INSTALL })
  const version = /^codex-cli (\d+\.\d+\.\d+\S*)/m.exec(run.stdout ?? '')?.[1]
  if (version !== undefined && run.status === 0) return ok(version)
  const how = run.signal ? `it was ended by ${run.signal}` : `it exited with ${run.status}`
  const why = whyFailed(run)
  return fail(
    'codex-unusable',
    `${codexPath} --version does not work: ${run.error === undefined ? how : why}${run.error === undefined && why !== '' ? `: ${why}` : ''}`,
    {
      fix: INSTALL,
    },
  )
}

/** The native binary behind an npm launcher, else the file itself, links resolved. */
export function nativeOf(file: string): string {
  const real = fs.realpathSync(file)
  if (path.extname(real) !== '.js') return real
  const packageRoot = path.dirname(path.dirname(real))
  return (
    vendorDirs(packageRoot)
      .flatMap((vendor) => triples(vendor).map((triple) => path.join(vendor, triple, 'bin', 'codex')))
      .find(isExecutable) ?? real
  )
}

/** The repository around a directory, or the directory; null where that would be the whole home or disk. */
export function workspaceOf(cwd: string): string | null {
  let root = path.resolve(cwd)
  for (let dir = root; ; dir = path.dirname(dir)) {
    if (fs.existsSync(path.join(dir, '.git'))) {
      root = dir
      break
    }
    if (dir === path.dirname(dir)) break
  }
  return root === path.parse(root).root || root === os.homedir() ? null : root
}

function locate(env: Env, workspace: string | null): Result<string> {
  return locateProgram(env, workspace, {
    name: 'codex',
    variable: 'AUTOLOOP_CODEX',
    code: 'codex-missing',
    install: INSTALL,
  })
}

/** A program of this person's as `findCodex` looks for Codex. */
export function locateProgram(
  env: Env,
  workspace: string | null,
  {
    name,
    variable,
    code,
    install,
  }: {
    readonly name: string
    readonly variable: string
    readonly code: ErrorCode
    readonly install: string
  },
): Result<string> {
  const named = env.vars[variable]
  if (named) {
    if (path.isAbsolute(named) && isExecutable(named)) return ok(named)
    return fail(code, `${variable}=${named} is not the absolute path of a program`, {
      fix: `set ${variable} to the path that \`command -v ${name}\` prints, or unset it`,
    })
  }
  const passedOver: string[] = []
  for (const dir of (env.vars['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(dir, name)
    if (!path.isAbsolute(dir) || !isExecutable(file)) continue
    if ([workspace, env.tmpDir, '/tmp'].some((owner) => owner !== null && within(owner, file)))
      passedOver.push(file)
    else return ok(file)
  }
  const hint =
    passedOver.length > 0 ? ` (passed over, because an agent can write there: ${passedOver.join(', ')})` : ''
  return fail(code, `${name} is not on PATH${hint}`, { fix: install, data: { passedOver } })
}

/** Whether the file, or what it links to, lies below the directory. */
function within(dir: string, file: string): boolean {
  const root = realpathOr(dir)
  return [path.join(realpathOr(path.dirname(file)), path.basename(file)), realpathOr(file)].some((each) =>
    each.startsWith(root.endsWith(path.sep) ? root : root + path.sep),
  )
}

function realpathOr(file: string): string {
  try {
    return fs.realpathSync(file)
  } catch {
    return path.resolve(file)
  }
}

function vendorDirs(packageRoot: string): string[] {
  const own = path.join(packageRoot, 'vendor')
  try {
    const require = createRequire(path.join(packageRoot, 'package.json'))
    const platform = require.resolve(`@openai/codex-${process.platform}-${process.arch}/package.json`)
    return [path.join(path.dirname(platform), 'vendor'), own]
  } catch {
    return [own]
  }
}

function triples(vendor: string): string[] {
  const arch = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  try {
    return fs.readdirSync(vendor).filter((name) => name.startsWith(arch) && name.includes(process.platform))
  } catch {
    return []
  }
}
