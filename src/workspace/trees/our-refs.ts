import { type Result, ok } from '../../base/result.ts'
import { gitOwn } from './git.ts'
import type { OwnRepository } from './types.ts'

/** One ref of ours. */
export interface OurRef {
  readonly ref: string
  readonly commit: string
  /** When its commit was made, in ms since the epoch. */
  readonly at: number
}

/** The refs below these names, such as `refs/autonomous-loop/rescue`. Codes: those of git. */
export async function refsBelow(
  own: OwnRepository,
  ...names: readonly string[]
): Promise<Result<readonly OurRef[]>> {
  const asked = await gitOwn(own, {
    args: ['for-each-ref', '--format=%(objectname) %(committerdate:unix) %(refname)', ...names],
  })
  if (!asked.ok) return asked
  const lines = asked.value.toString('utf8').split('\n').filter(Boolean)
  return ok(
    lines.map((line) => {
      const [commit = '', at = '', ...ref] = line.split(' ')
      return { ref: ref.join(' '), commit, at: Number(at) * 1000 }
    }),
  )
}

/** Removes a ref that is still at this commit; what nothing else names is then git's to forget. Codes: those of git. */
export async function dropRef(own: OwnRepository, { ref, commit }: OurRef): Promise<Result<void>> {
  const done = await gitOwn(own, { args: ['update-ref', '-d', ref, commit] })
  return done.ok ? ok(undefined) : done
}
