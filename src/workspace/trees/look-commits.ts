import { type Result, ok } from '../../base/result.ts'
import { gitObjects, gitOwn, gitPersonObjects } from './git.ts'
import type { OwnRepository } from './types.ts'

/** Refs of ours below these names, with what they are at; no commit is opened, so one that is gone is listed too. Codes: those of git. */
export async function refsNamed(
  own: OwnRepository,
  ...names: readonly string[]
): Promise<Result<ReadonlyMap<string, string>>> {
  const asked = await gitOwn(own, {
    args: ['for-each-ref', '--format=%(refname) %(objectname)', ...names],
  })
  if (!asked.ok) return asked
  const lines = asked.value.toString('utf8').split('\n').filter(Boolean)
  return ok(new Map(lines.map((line) => line.split(' ') as [string, string])))
}

/** Trees by commit, of commits that can be reached from one, without those that can be reached from another. Codes: those of git. */
export async function treesBetween(
  own: OwnRepository,
  without: string,
  from: string,
): Promise<Result<ReadonlyMap<string, string>>> {
  const asked = await gitObjects(own, {
    args: ['rev-list', '--no-commit-header', '--format=%H %T', from, `^${without}`],
  })
  if (!asked.ok) return asked
  const lines = asked.value.toString('latin1').split('\n').filter(Boolean)
  return ok(new Map(lines.map((line) => line.split(' ') as [string, string])))
}

/** The tree of a commit of ours; null: it is gone, or is no commit. Codes: those of git. */
export async function treeOf(own: OwnRepository, commit: string): Promise<Result<string | null>> {
  const asked = await gitObjects(own, {
    args: ['rev-parse', '--verify', '--quiet', `${commit}^{tree}`],
    accept: [1, 128],
  })
  return asked.ok ? ok(asked.value.toString('latin1').trim() || null) : asked
}

/** Whether a commit of the person's repository can be reached from another; null: one of them is not there. Codes: those of git. */
export async function personHolds(
  own: OwnRepository,
  commit: string,
  by: string,
): Promise<Result<boolean | null>> {
  const bases = await gitPersonObjects(own, {
    args: ['merge-base', '--all', commit, by],
    accept: [1, 128],
  })
  if (!bases.ok) return bases
  const said = bases.value.toString('latin1').split('\n')
  return ok(said[0] === '' ? null : said.includes(commit))
}
