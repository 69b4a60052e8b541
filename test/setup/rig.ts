import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Env } from '../../src/base/env.ts'
import { sha256 } from '../../src/base/hash.ts'
import type { Result } from '../../src/base/result.ts'
import { type Context, realContext } from '../../src/records/context.ts'
import { type Assets, findAssets } from '../../src/setup/assets.ts'
import { type BootstrapAnswer, type BootstrapOptions, bootstrap } from '../../src/setup/bootstrap.ts'
import { codexBinary } from '../rig/codex.ts'

/** A person's machine: home, CODEX_HOME and a repository, below the real home because the temp directory is refused. */
export interface Place {
  readonly dir: string
  readonly home: string
  readonly codexHome: string
  readonly repo: string
  readonly env: Env
  readonly context: Context
  readonly assets: Result<Assets>
}

export async function withPlace<T>(use: (place: Place) => Promise<T>): Promise<T> {
  const place = makePlace()
  try {
    return await use(place)
  } finally {
    removePlace(place)
  }
}

export function makePlace(): Place {
  const dir = fs.mkdtempSync(path.join(fs.realpathSync(os.homedir()), '.autoloop-setup '))
  const [codexHome, repo] = [path.join(dir, 'user', '.codex'), path.join(dir, 'repo')]
  fs.mkdirSync(codexHome, { recursive: true })
  fs.mkdirSync(path.join(repo, '.git'), { recursive: true })
  fs.writeFileSync(
    path.join(codexHome, 'config.toml'),
    'check_for_update_on_startup = false\n\n[features]\nhooks = true\n',
  )
  const env: Env = {
    vars: {
      PATH: `${path.dirname(codexBinary())}:/usr/bin:/bin`,
      HOME: path.join(dir, 'user'),
      CODEX_HOME: codexHome,
    },
    cwd: repo,
    codexHome,
    home: path.join(codexHome, 'autoloop'),
    tmpDir: os.tmpdir(),
    uid: process.getuid?.() ?? -1,
  }
  return { dir, home: env.home, codexHome, repo, env, context: realContext(env), assets: findAssets() }
}

export function removePlace({ dir }: Place): void {
  fs.rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

export type BootChanges = Partial<Omit<BootstrapOptions, 'env'>> & { trust?: boolean; env?: Partial<Env> }

export function boot(place: Place, changes: BootChanges = {}): Promise<Result<BootstrapAnswer>> {
  const { trust = false, env, ...options } = changes
  return bootstrap(
    {
      assets: good(place.assets),
      dryRun: false,
      force: false,
      stopTimeoutSeconds: null,
      node: process.execPath,
      platform: process.platform,
      mayTrust: () => Promise.resolve(trust),
      mustTrust: trust,
      ...options,
    },
    realContext({ ...place.env, ...env }),
  )
}

export function good<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
  return result.value
}

export function exits(
  file: string,
  args: readonly string[],
  input: string,
): { stdout: string; status: number | null } {
  const done = spawnSync(file, args, { input, encoding: 'utf8', env: {}, cwd: '/' })
  return { stdout: done.stdout, status: done.status }
}

/** Every file with what it is and holds; what Codex itself keeps in its home is left out. */
export function snapshot(dir: string): Record<string, string> {
  const own = /^user\/\.codex\/(?:autoloop|skills\/autonomous-loop|hooks\.json|config\.toml)|^(?!user\/)/
  return Object.fromEntries(
    fs
      .readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => own.test(name))
      .map((name) => {
        const stat = fs.lstatSync(path.join(dir, name))
        const content = stat.isFile() ? sha256(fs.readFileSync(path.join(dir, name))) : ''
        return [name, `${stat.mode.toString(8)} ${content}`]
      }),
  )
}

export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
