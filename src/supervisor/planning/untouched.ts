import { type Result, ok } from '../../base/result.ts'
import { takeCandidate } from '../../workspace/trees/candidate.ts'
import { refs } from '../batch/paths.ts'
import { worktreeOf } from '../effects/worktree-of.ts'
import type { AttemptState } from '../record/state.ts'
import type { World } from '../world.ts'

/** So many paths are told. */
const MOST = 20

/**
 * Files of the worktree that differ from the base although nobody has worked yet; '.' where they cannot be taken in at all. The base and not
 * what was there before the planner: of one that was killed nobody knows that. Codes: those of trees.
 */
export async function touchedPaths(
  { own, opened }: Pick<World, 'own' | 'opened'>,
  attempt: AttemptState,
): Promise<Result<readonly string[]>> {
  const { item, attempt: nth, base, at } = attempt
  const ref = refs.attempt(opened.batch, item, nth)
  const message = `attempt ${nth} at ${item}`
  const taken = await takeCandidate(own, worktreeOf(own, attempt), base, ref, { message, at })
  if (!taken.ok) return taken.error.code === 'candidate-failed' ? ok(['.']) : taken
  const found = taken.value.kind === 'findings' ? taken.value.findings : taken.value.changed
  return ok(found.slice(0, MOST).map((one) => one.path))
}
