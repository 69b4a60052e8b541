import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { findRepo } from '../../evidence/git/repo.ts'
import { evidenceOptions } from '../../evidence/options.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import type { Context } from '../../records/context.ts'
import { dataDirectory } from '../../records/data-directory.ts'
import { lookAtOwn } from '../../workspace/trees/look-own.ts'
import { openOwn, repoId } from '../../workspace/trees/own.ts'
import { sweepOwn } from '../../workspace/trees/sweep.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import { batchesOf } from './find-batch.ts'
import { endLeftovers } from './leftovers.ts'

/** A repository that can be supervised: what is found before anything is begun. */
export interface Site {
  readonly top: string
  readonly prefix: string
  readonly root: string
  readonly repoId: string
}

/** Codes: git-gone. */
export function siteOf(cwd: string): Result<Site> {
  const root = findRepoRoot(cwd)
  const repo = findRepo(root)
  if (repo === null)
    return fail('git-gone', `${root} is not in a git repository`, {
      fix: 'git init, and commit what is there',
    })
  return ok({ top: repo.top, prefix: repo.prefix, root, repoId: repoId(repo.commonDir) })
}

/**
 * Our repository for a site, made at first. What a process that was killed left at work in it is ended first, and its locks go: only
 * the process with the lock may ask. Codes: data-place, leftovers, and those of openOwn.
 */
export async function ownOf(
  context: Context,
  site: Site,
  gatePath: string,
  adopt = false,
): Promise<Result<OwnRepository>> {
  const { env } = context
  const data = dataDirectory(env, site.top)
  if (!data.ok) return data
  const ended = await endLeftovers(batchesOf(env.home, site.repoId), path.join(data.value, site.repoId))
  if (!ended.ok) return ended
  const own = await openOwn({
    data: data.value,
    root: site.root,
    vars: env.vars,
    gitPath: gatePath,
    timeoutMs: evidenceOptions(env).timeoutMs,
    adopt,
  })
  if (own.ok) sweepOwn(own.value)
  return own
}

/** The same for a look, without the lock: nothing is made, ended or put right. Null: there is none. Codes: data-place, those of lookAtOwn. */
export function seenOwn(
  { env }: Context,
  { root, top }: Site,
  gitPath: string,
): Result<OwnRepository | null> {
  const data = dataDirectory(env, top)
  if (!data.ok) return data
  const { timeoutMs } = evidenceOptions(env)
  return lookAtOwn({ data: data.value, root, vars: env.vars, gitPath, timeoutMs })
}
