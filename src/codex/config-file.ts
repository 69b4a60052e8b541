import fs from 'node:fs'
import path from 'node:path'
import type { Env } from '../base/env.ts'
import { errno } from '../base/read-file.ts'
import type { Failure } from '../base/result.ts'
import { realPath } from '../base/within.ts'

/** The user's config.toml, by the name under which Codex reads it. */
export function configFile(env: Env): string {
  return path.join(env.codexHome, 'config.toml')
}

/** Codex puts another file in the place of the one that a link leads to: its mode is no obstacle, its directory's is. */
export function isConfigWritable(env: Env): boolean {
  const real = realPath(configFile(env))
  const why = [path.dirname(real), real].map(unwritable)
  return why[0] === null && why[1] !== 'EPERM' && why[1] !== 'EROFS'
}

function unwritable(file: string): string | null {
  try {
    fs.accessSync(file, fs.constants.W_OK)
    return null
  } catch (error) {
    return errno(error)
  }
}

/** What helps when Codex would not answer: the place in its config that it named, where it named one. */
export function configFix(error: Failure, env: Env): string {
  if (error.fix !== undefined) return error.fix
  if (error.code !== 'codex-refused') return 'codex doctor'
  const place = /(\/[^\n]*?\.toml):(\d+):\d+/.exec(error.message)
  if (place !== null) return `correct line ${place[2]} of ${place[1]}`
  const key = /\bin `([^`]+)`/.exec(error.message)?.[1]
  if (key !== undefined) return `correct ${key} in ${configFile(env)}`
  const legacy = /\blegacy `([^`]+)`/.exec(error.message)?.[1]
  return legacy === undefined
    ? `correct what it names in ${configFile(env)}`
    : `take the line out of ${configFile(env)}: ${legacy}`
}
