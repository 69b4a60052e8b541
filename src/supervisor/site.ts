import { type Result, fail, ok } from '../base/result.ts'
import { findRepo } from '../evidence/git/repo.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import type { Context } from '../records/context.ts'
import { dataDirectory } from '../records/data-directory.ts'
import { openOwn, repoId } from '../workspace/trees/own.ts'
import type { OwnRepository } from '../workspace/trees/types.ts'

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

/** Our repository for a site, made at first. Codes: data-place, and those of openOwn. */
export async function ownOf(
  context: Context,
  site: Site,
  gatePath: string,
  adopt = false,
): Promise<Result<OwnRepository>> {
  const data = dataDirectory(context.env, site.top)
  if (!data.ok) return data
  return openOwn({
    data: data.value,
    root: site.root,
    vars: context.env.vars,
    gitPath: gatePath,
    timeoutMs: evidenceOptions(context.env).timeoutMs,
    adopt,
  })
}
