import { type Result, ok } from '../../base/result.ts'
import { gitObjects } from './git.ts'
import type { OwnRepository } from './types.ts'

/** Subjects of the commits after `from` up to `to` that changed one of these files, newest first. Codes: those of git. */
export async function subjectsOf(
  own: OwnRepository,
  { from, to, paths }: { readonly from: string; readonly to: string; readonly paths: readonly string[] },
): Promise<Result<readonly string[]>> {
  const asked = await gitObjects(own, {
    args: [
      'rev-list',
      '--no-commit-header',
      '--format=%s',
      '--max-count=1000',
      to,
      `^${from}`,
      '--',
      ...paths,
    ],
    env: { GIT_LITERAL_PATHSPECS: '1' },
  })
  return asked.ok ? ok(asked.value.toString('utf8').split('\n').filter(Boolean)) : asked
}
