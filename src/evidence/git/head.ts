import { type Result, ok } from '../../base/result.ts'
import { type Repo, readHead } from './repo.ts'
import { runGit } from './run.ts'
import type { Shadow } from './shadow.ts'

/** Commit of HEAD, by reading files or (reftable) through git. */
export async function headOf(repo: Repo, shadow: Shadow): Promise<Result<string | null>> {
  const read = readHead(repo)
  if (read !== undefined) return ok(read)
  const asked = await runGit(repo, shadow, {
    args: ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'],
    env: { GIT_COMMON_DIR: repo.commonDir },
    accept: [1],
  })
  return asked.ok ? ok(asked.value.toString('latin1').trim() || null) : asked
}
