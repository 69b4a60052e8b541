import fs from 'node:fs'
import path from 'node:path'
import type { Env } from '../base/env.ts'
import { systemWords } from '../base/system-words.ts'
import { type Result, fail, ok } from '../base/result.ts'

/** An existing directory, absolute. Codes: no-such-directory. */
export function directoryOf(env: Env, asked: string | undefined): Result<string> {
  const dir = path.resolve(env.cwd, asked ?? '.')
  try {
    if (fs.statSync(dir).isDirectory()) return ok(dir)
    return fail('no-such-directory', `${dir} is not a directory`)
  } catch (error) {
    return fail('no-such-directory', `${dir} cannot be entered: ${systemWords(error)}`)
  }
}
