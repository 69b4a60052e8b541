import { type Result, fail, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { bringIn } from '../../workspace/trees/bring-in.ts'
import { sendObjects } from '../../workspace/trees/publish.ts'
import { batchStep } from '../step.ts'
import { joinedWith } from './joined-with.ts'
import { isLanded, landedWork } from './landed-work.ts'
import {
  type LandEnded,
  type Landing,
  type RemoteIo,
  MOST_ROUNDS,
  notJoined,
  noteLanded,
  withLanding,
} from './landing.ts'
import { type PersonGit, personGit } from './person-git.ts'
import { type RemoteBranch, fetched, pushCommit, remoteCommit, remoteOf, shownBranch } from './remote.ts'

/**
 * Brings what is done to the target's branch on a remote, never by force: as it is, or joined with what is there and judged. The branch
 * of this repository stays where it is. Codes: those of withLanding, of remote.ts and of trees, git-not-found, land-moving.
 */
export function landPush(
  context: Context,
  cwd: string,
  io: RemoteIo,
  remote: string | null,
): Promise<Result<LandEnded>> {
  return withLanding(context, cwd, io, async (landing) => {
    const git = personGit(context, landing.ground.own.person.top, io)
    if (!git.ok) return git
    const place = await remoteOf(git.value, landing.target, remote)
    if (!place.ok) return place
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      const landed = await pushOnce(landing, git.value, place.value)
      if (!landed.ok || landed.value !== 'moved') return landed as Result<LandEnded>
    }
    return fail('land-moving', `${shownBranch(place.value)} moved ${MOST_ROUNDS} times meanwhile`, {
      fix: 'autonomous-loop land --push',
    })
  })
}

async function pushOnce(
  landing: Landing,
  git: PersonGit,
  place: RemoteBranch,
): Promise<Result<LandEnded | 'moved'>> {
  const { ground, target, state } = landing
  const [work, shown] = [landedWork(state()), shownBranch(place)]
  const at = await remoteTip(landing, git, place)
  if (!at.ok) return at
  if (at.value.kind === 'moved') return ok('moved')
  const expected = at.value.commit
  const made =
    expected === null
      ? ok({ kind: 'commit', commit: work, joined: false } as const)
      : await joinedWith(ground, expected, work, shown)
  if (!made.ok) return made
  const { value } = made
  if (value.kind === 'already' || (value.kind === 'commit' && value.commit === expected)) {
    if (!isLanded(state())) noteLanded(landing, state().head, { name: place.remote, branch: place.branch })
    return ok({ kind: 'already', target, remote: shown, commit: expected ?? work })
  }
  if (value.kind !== 'commit') return ok(notJoined(landing, shown, value))
  const { commit, joined } = value
  const sent = await sendObjects(ground.own, commit)
  if (!sent.ok) return sent
  batchStep('push')
  const pushed = await pushCommit(git, place, commit, expected)
  batchStep('push')
  if (!pushed.ok) return pushed
  if (pushed.value.kind === 'moved') return ok('moved')
  noteLanded(landing, commit, { name: place.remote, branch: place.branch })
  return ok({ kind: 'landed', target, remote: shown, commit, joined })
}

/** `commit` is in our repository; null: there is no such branch. */
export type RemoteTip = { readonly kind: 'at'; readonly commit: string | null } | { readonly kind: 'moved' }

/** Where a branch of the remote is. */
export async function remoteTip(
  { ground }: Landing,
  git: PersonGit,
  place: RemoteBranch,
): Promise<Result<RemoteTip>> {
  const at = await remoteCommit(git, place)
  if (!at.ok) return at
  const commit = at.value
  if (commit === null) return ok({ kind: 'at', commit })
  const there = await fetched(git, place, commit)
  if (!there.ok) return there
  if (!there.value) return ok({ kind: 'moved' })
  const brought = await bringIn(ground.own, commit)
  return brought.ok ? ok({ kind: 'at', commit }) : brought
}
