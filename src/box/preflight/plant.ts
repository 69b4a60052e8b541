import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { systemWords } from '../../base/system-words.ts'
import { systemCalls } from './system-call.ts'

const variables = {
  dir: 'AUTOLOOP_PREFLIGHT_DIR',
  key: 'AUTOLOOP_PREFLIGHT_KEY',
  token: 'AUTOLOOP_PREFLIGHT_TOKEN',
} as const

/** What a process has that a gate may not get: a key, a secret in its memory, a file that it has inherited open. */
export interface Planted {
  /** Seen by gates, and nothing that they may write. */
  readonly dir: string
  readonly key: string
  readonly token: string
  readonly secret: string
}

const secretIn = (dir: string): string => path.join(dir, 'secret')

export function plantedHere(vars: Readonly<Record<string, string | undefined>>): Planted | null {
  const { [variables.dir]: dir, [variables.key]: key, [variables.token]: token } = vars
  if (dir === undefined || key === undefined || token === undefined) return null
  return { dir, key, token, secret: secretIn(dir) }
}

/**
 * Starts a process like the one that starts gates, but with all of that, and returns what it printed. A process cannot
 * give itself a descriptor that it has inherited, nor take a session keyring that it has joined off again.
 */
export function plant(
  argv: readonly string[],
  inside: { readonly home: string; readonly vars: Readonly<Record<string, string | undefined>> },
): { readonly said: string } | { readonly why: string } {
  let dir: string | undefined
  let secret: number | undefined
  try {
    dir = fs.mkdtempSync(path.join(fs.realpathSync(inside.home), 'preflight-'))
    secret = fs.openSync(secretIn(dir), 'wx', 0o600)
    const id = randomBytes(8).toString('hex')
    const [file = '', ...args] = systemCalls()?.withKey(`autoloop-${id}`, argv) ?? argv
    const run = spawnSync(file, args, {
      cwd: dir,
      env: {
        [variables.token]: randomBytes(16).toString('hex'),
        [variables.dir]: dir,
        [variables.key]: `autoloop-${id}`,
        ...inside.vars,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ignore', 'ignore', secret],
      encoding: 'utf8',
      timeout: 60_000,
      killSignal: 'SIGKILL',
    })
    if (run.error) return { why: systemWords(run.error) }
    return run.stdout === '' ? { why: run.stderr.trim().slice(-500) } : { said: run.stdout }
  } catch (error) {
    return { why: systemWords(error) }
  } finally {
    if (secret !== undefined) fs.closeSync(secret)
    if (dir !== undefined) fs.rmSync(dir, { recursive: true, force: true })
  }
}
