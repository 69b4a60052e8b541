import { type Result, ok } from '../../base/result.ts'
import type { Refs } from '../types.ts'
import type { Repo } from './repo.ts'
import { runGit } from './run.ts'
import type { Shadow } from './shadow.ts'

/** Errors: those of runGit. */
export async function refsNow(repo: Repo, shadow: Shadow): Promise<Result<Refs>> {
  const env = { GIT_COMMON_DIR: repo.commonDir }
  const [head, list] = await Promise.all([
    runGit(repo, shadow, { args: ['symbolic-ref', '-q', 'HEAD'], accept: [1], env }),
    runGit(repo, shadow, { args: ['for-each-ref', '--format=%(objectname) %(refname)'], env }),
  ])
  if (!head.ok) return head
  if (!list.ok) return list
  const lines = list.value
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
  const cut = (line: string): readonly [string, string] => {
    const at = line.indexOf(' ')
    return [line.slice(at + 1), line.slice(0, at)]
  }
  const name = head.value.toString('utf8').trim()
  return ok({ head: name === '' ? null : name, list: lines.map(cut) })
}
