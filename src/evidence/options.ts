import fs from 'node:fs'
import path from 'node:path'
import type { Env } from '../base/env.ts'
import { isWithin, realPath } from '../base/within.ts'
import type { EvidenceOptions } from './types.ts'

/** One call of git may take this long: a first look at a huge repository on a slow disk. */
const GIT_TIMEOUT_MS = 120_000

/**
 * What evidence needs, out of the process's surroundings: git from PATH, scratch in the home. Inside the agent's sandbox the
 * home cannot be written; then the scratch lies in the temp directory, which is as trustworthy as what is made from it.
 */
export function evidenceOptions(env: Env): EvidenceOptions {
  return {
    vars: env.vars,
    gitPath: withoutTemp(env.vars['PATH'] || '/usr/local/bin:/usr/bin:/bin', env.tmpDir),
    scratch: canWrite(env.home)
      ? path.join(env.home, 'git')
      : path.join(env.tmpDir, `autoloop-${env.uid}`, 'git'),
    timeoutMs: env.gitTimeoutMs ?? GIT_TIMEOUT_MS,
  }
}

/** Whether a directory, or the nearest parent that exists, can be written. */
function canWrite(dir: string): boolean {
  for (let at = dir; ; at = path.dirname(at)) {
    try {
      fs.accessSync(at, fs.constants.W_OK)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || at === path.dirname(at)) return false
    }
  }
}

/** An agent may put a `git` of its own into a temp directory that somebody's PATH names. */
function withoutTemp(directories: string, tmpDir: string): string {
  const temps = ['/tmp', '/dev/shm', tmpDir].flatMap((dir) => [dir, realPath(dir)])
  return directories
    .split(path.delimiter)
    .filter((dir) => !temps.some((temp) => isWithin(dir, temp) || isWithin(realPath(dir), temp)))
    .join(path.delimiter)
}
