import fs from 'node:fs'
import path from 'node:path'
import type { Env } from '../base/env.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { isWithin, realPath } from '../base/within.ts'

/**
 * Refuses places that a sandboxed agent can write: whoever can replace the judge's files, or its node, is the judge.
 * `workspace` is what the agent works in (workspaceOf), null where only the temp directory is asked about.
 * Codes: home-in-temp, home-in-workspace, codex-home-in-temp, codex-home-in-workspace, node-in-temp, node-in-workspace,
 * home-name.
 */
export function checkPlaces(env: Env, node: string, workspace: string | null): Result<void> {
  const places = [
    ['home', env.home, 'AUTONOMOUS_LOOP_HOME'],
    ['codex-home', env.codexHome, 'CODEX_HOME'],
    ['node', node, 'a node that is installed for the user or the system'],
  ] as const
  for (const [name, place, what] of places) {
    // The place itself and what it links to: either would do for an attack.
    const names = [path.resolve(place), realPath(place)]
    if (/[\x00-\x1F\x7F]/.test(place))
      return fail('home-name', `${JSON.stringify(place)} has control characters in its name`)
    const temp = temporary(env).find((dir) => names.some((file) => isWithin(file, dir)))
    if (temp !== undefined)
      return fail(
        `${name}-in-temp`,
        `${place} is inside ${temp}, where every sandboxed agent can write: use another place for ${what}`,
      )
    if (workspace !== null && names.some((file) => isWithin(file, realPath(workspace))))
      return fail(
        `${name}-in-workspace`,
        `${place} is inside ${workspace}, where an agent that works there can write: use another place for ${what}, or run this from elsewhere`,
      )
  }
  return ok(undefined)
}

function temporary(env: Env): string[] {
  return ['/tmp', '/dev/shm', env.tmpDir].flatMap((dir) => [dir, realPath(dir)])
}

/**
 * The path of node to write into the shims. Homebrew's real path ends with the next upgrade, its link does not.
 * Other links are not followed back: version managers make some of them for one shell only.
 */
export function stableNode(execPath: string): string {
  if (!execPath.includes('/Cellar/')) return execPath
  const link = ['/opt/homebrew/bin/node', '/usr/local/bin/node'].find((file) => {
    try {
      return fs.realpathSync(file) === fs.realpathSync(execPath)
    } catch {
      return false
    }
  })
  return link ?? execPath
}
