import envPaths from 'env-paths'
import { type Result, fail, ok } from '../base/result.ts'
import type { Env } from '../base/env.ts'
import { isWithin, realPath } from '../base/within.ts'

/**
 * Where repositories of ours lie, with the worktrees of agents: beside our home, which no agent may see written. Refused in places
 * that agents can write or that are another's. Code: data-place.
 */
export function dataDirectory(env: Env, top: string): Result<string> {
  const data = envPaths('autonomous-loop', { suffix: '' }).data
  const taken: readonly (readonly [string, string])[] = [
    ['/tmp', 'the temp directory'],
    ['/dev/shm', 'the temp directory'],
    [env.tmpDir, 'the temp directory'],
    [env.codexHome, 'the CODEX_HOME'],
    [env.home, 'the home of autonomous-loop'],
    [top, 'the repository'],
  ]
  const at = taken.find(([dir]) => isWithin(realPath(data), realPath(dir)))
  if (at === undefined) return ok(data)
  return fail('data-place', `worktrees would lie in ${data}, which is inside ${at[1]}`, {
    fix: 'set XDG_DATA_HOME to another directory',
  })
}
