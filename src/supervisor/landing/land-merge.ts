import { type Result, fail, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { bringIn } from '../../workspace/trees/bring-in.ts'
import { land } from '../../workspace/trees/land.ts'
import { personBranch } from '../../workspace/trees/person-trees.ts'
import { batchStep } from '../step.ts'
import { joinedWith } from './joined-with.ts'
import { isLanded, landedWork } from './landed-work.ts'
import {
  type LandEnded,
  type LandIo,
  type Landing,
  MOST_ROUNDS,
  notJoined,
  noteLanded,
  withLanding,
} from './landing.ts'

/**
 * Brings what is done to its target in this repository: the head as it is where the target did not move; else both joined, and
 * judged like any tree. Nothing of the person's tree is written but by `land`. Codes: those of withLanding, land-target-gone,
 * land-moving, and those of trees.
 */
export function landMerge(context: Context, cwd: string, io: LandIo): Promise<Result<LandEnded>> {
  return withLanding(context, cwd, io, async (landing) => {
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      const landed = await landOnce(landing)
      if (!landed.ok || landed.value !== 'moved') return landed as Result<LandEnded>
    }
    return fail('land-moving', `${landing.target} moved ${MOST_ROUNDS} times meanwhile`, {
      fix: 'autonomous-loop land --merge',
    })
  })
}

async function landOnce(landing: Landing): Promise<Result<LandEnded | 'moved'>> {
  const { ground, target, state } = landing
  const { own } = ground
  const now = await personBranch(own, target)
  if (!now.ok) return now
  if (now.value === null)
    return fail('land-target-gone', `there is no branch ${target} any more`, {
      fix: `git branch ${target} <commit>`,
    })
  const expected = now.value
  const brought = await bringIn(own, expected)
  if (!brought.ok) return brought
  const made = await joinedWith(ground, expected, landedWork(state()), target)
  if (!made.ok) return made
  const { value } = made
  if (value.kind === 'already' || (value.kind === 'commit' && value.commit === expected)) {
    if (!isLanded(state())) noteLanded(landing, state().head)
    return ok({ kind: 'already', target, remote: null, commit: expected })
  }
  if (value.kind !== 'commit') return ok(notJoined(landing, null, value))
  const { commit, joined } = value
  batchStep('land')
  const done = await land(own, { target, head: commit, expected })
  batchStep('land')
  if (!done.ok) return done
  if (done.value.kind === 'moved') return ok('moved')
  noteLanded(landing, commit)
  return ok({ kind: 'landed', target, remote: null, commit, joined })
}
