import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { realPath } from '../../base/within.ts'
import { findRepo } from '../../evidence/git/repo.ts'
import { readSettings } from '../../evidence/git/settings.ts'
import { findGit } from '../../evidence/git/shadow.ts'
import { movedFrom, placeBefore } from './moved.ts'
import { type OwnOptions, repoId } from './own.ts'
import type { OwnRepository } from './types.ts'

/**
 * Our repository as it is now, for a look that writes nothing: another process may be at work in it. Null: there is none. What reads
 * it has to do without what opening it puts right. Codes: git-gone, repository-moved, git-not-found, own-damaged.
 */
export function lookAtOwn(options: Omit<OwnOptions, 'adopt'>): Result<OwnRepository | null> {
  const repo = findRepo(options.root)
  if (repo === null) return fail('git-gone', `${options.root} is not in a git repository`)
  const commonDir = realPath(repo.commonDir)
  const data = path.join(options.data, repoId(commonDir))
  const was = placeBefore(options.data, data, commonDir)
  if (was !== null) return movedFrom(was.commonDir, commonDir)
  const dir = path.join(data, 'repo.git')
  if (!fs.existsSync(data)) return ok(null)
  const git = findGit(repo.top, options.gitPath)
  if (git === null)
    return fail('git-not-found', `no git in ${options.gitPath || 'an empty PATH'}`, { fix: 'install git' })
  const scratch = path.join(data, 'settings')
  const shadow = path.join(scratch, `git-${repo.format}`)
  for (const needed of ['HEAD', 'config', 'refs', 'objects'])
    if (!fs.existsSync(path.join(shadow, needed)) || !fs.existsSync(path.join(dir, needed)))
      return fail('own-damaged', `${path.join(dir, needed)} or the one beside it in settings is missing`)
  const settings = options.settings ?? readSettings(repo, { ...options, scratch })
  const { format, top, gitDir } = repo
  return ok({
    dir,
    data,
    git,
    timeoutMs: options.timeoutMs,
    format,
    lfs: null,
    shadow: { git, dir: shadow, excludesFile: '/dev/null', settings, timeoutMs: options.timeoutMs },
    person: { top, gitDir, commonDir, identity: { name: '', email: '' } },
  })
}
