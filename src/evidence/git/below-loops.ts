import fs from 'node:fs'
import { errno } from '../../base/read-file.ts'
import { type Result, ok } from '../../base/result.ts'
import { fsPath } from '../path-text.ts'
import { splitNames } from './parse.ts'
import type { Repo } from './repo.ts'
import { runGit } from './run.ts'
import type { Shadow } from './shadow.ts'

/**
 * Tracked names below links that lead to themselves. Git cannot look there, and then takes what it tracks for unchanged. `others`:
 * names from the top that it does not track. Errors: those of runGit.
 */
export async function belowLoops(
  repo: Repo,
  shadow: Shadow,
  others: readonly string[],
): Promise<Result<readonly string[]>> {
  const loops = others.filter((name) => !name.endsWith('/') && isLoop(repo, name))
  if (loops.length === 0) return ok([])
  const listed = await runGit(repo, shadow, {
    args: ['ls-files', '-z', '--', ...loops.map((name) => `${name}/`)],
  })
  return listed.ok ? ok(splitNames(listed.value)) : listed
}

function isLoop(repo: Repo, name: string): boolean {
  const file = fsPath(repo.top, name)
  try {
    if (fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return false
    fs.statSync(file)
    return false
  } catch (error) {
    return errno(error) === 'ELOOP'
  }
}
