import { type Result, fail, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { heldAmong } from '../../workspace/trees/pack.ts'
import { gitObjects } from '../../workspace/trees/git.ts'
import { isAncestor } from '../../workspace/trees/own.ts'
import { sendObjects } from '../../workspace/trees/publish.ts'
import { batchStep } from '../step.ts'
import { type GithubPlace, baseRemote, githubOf } from './github-place.ts'
import { type Github, githubBy } from './github.ts'
import { joinedWith } from './joined-with.ts'
import { isLanded } from './landed-work.ts'
import {
  type LandEnded,
  type Landing,
  type RemoteIo,
  MOST_ROUNDS,
  notJoined,
  noteLanded,
  withLanding,
} from './landing.ts'
import { remoteTip } from './land-push.ts'
import { type PersonGit, personGit } from './person-git.ts'
import { pullParts } from './pull-parts.ts'
import { type Pull, lookedUp, markReady, openPull, openPulls } from './pull-request.ts'
import { pullText } from './pull-text.ts'
import { type RemoteBranch, pushCommit, remoteCommit, remoteOf, shownBranch } from './remote.ts'

export type ProposeEnded =
  | Exclude<LandEnded, { kind: 'landed' }>
  | {
      /** A pull request was found to hold the work. */
      readonly kind: 'proposed'
      readonly target: string
      readonly remote: string
      readonly url: string
      readonly number: number
      /** It was opened now; else it was there. */
      readonly opened: boolean
      readonly draft: boolean
      readonly branch: string
      readonly commit: string
      readonly joined: boolean
    }

/** Where the branch goes, and where the pull request. */
interface Places {
  readonly git: PersonGit
  readonly github: Github
  /** The target, in the repository that takes the pull request. */
  readonly base: RemoteBranch
  readonly baseAt: GithubPlace
  /** The branch of the work. */
  readonly work: RemoteBranch
  readonly owner: string
}

/**
 * Proposes what is done as a pull request: the head, or both joined and judged where the target moved, on a branch of its own.
 * The pull request is looked up afterwards: only one that holds the judged commit counts. Codes: those of landPush, land-no-github,
 * pull-request-wrong, and those of Github.
 */
export function landPr(
  context: Context,
  cwd: string,
  io: RemoteIo,
  { remote, ready }: { readonly remote: string | null; readonly ready: boolean },
): Promise<Result<ProposeEnded>> {
  return withLanding(context, cwd, io, async (landing) => {
    const places = await placesOf(context, landing, io, remote)
    if (!places.ok) return places
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      const proposed = await proposeOnce(landing, places.value, ready)
      if (!proposed.ok || proposed.value !== 'moved') return proposed as Result<ProposeEnded>
    }
    return fail('land-moving', `${shownBranch(places.value.base)} moved ${MOST_ROUNDS} times meanwhile`, {
      fix: 'autonomous-loop land --pr',
    })
  })
}

async function placesOf(
  context: Context,
  { ground, target, state, batch }: Landing,
  io: RemoteIo,
  named: string | null,
): Promise<Result<Places>> {
  const { top } = ground.own.person
  const ending = io.signals.endAgents
  const git = personGit(context, top, io)
  if (!git.ok) return git
  const there = await remoteOf(git.value, target, named)
  if (!there.ok) return there
  const { remote } = there.value
  const owner = await githubOf(git.value, remote)
  if (!owner.ok) return owner
  const takes = await baseRemote(git.value, remote)
  if (!takes.ok) return takes
  const base = await remoteOf(git.value, target, takes.value)
  if (!base.ok) return base
  const baseAt = await githubOf(git.value, takes.value)
  if (!baseAt.ok) return baseAt
  const github = githubBy(context, top, baseAt.value, ending)
  if (!github.ok) return github
  return ok({
    git: git.value,
    github: github.value,
    base: base.value,
    baseAt: baseAt.value,
    work: { remote, branch: state().published?.branch ?? `autonomous-loop/${batch}` },
    owner: owner.value.owner,
  })
}

async function proposeOnce(
  landing: Landing,
  places: Places,
  ready: boolean,
): Promise<Result<ProposeEnded | 'moved'>> {
  const { ground, target, state } = landing
  const { git, base, work } = places
  const { head } = state()
  const shown = shownBranch(base)
  // Before anything is pushed: what stands in the way of a pull request shows here.
  const before = await knownPull(places)
  if (!before.ok) return before
  const tip = await remoteTip(landing, git, base)
  if (!tip.ok) return tip
  if (tip.value.kind === 'moved') return ok('moved')
  const theirs = tip.value.commit
  if (theirs === null)
    return fail('land-target-gone', `${base.remote} has no branch ${base.branch}`, {
      fix: `git push ${base.remote} ${target}:${base.branch}`,
    })
  const made = await joinedWith(ground, theirs, head, shown)
  if (!made.ok) return made
  const { value } = made
  if (value.kind === 'already') {
    if (!isLanded(state())) noteLanded(landing, head, { name: base.remote, branch: base.branch })
    return ok({ kind: 'already', target, remote: shown, commit: theirs })
  }
  if (value.kind !== 'commit') return ok(notJoined(landing, shown, value))
  const pushed = await pushWork(landing, places, value.commit)
  if (!pushed.ok) return pushed
  if (pushed.value === 'moved') return ok('moved')
  const pull = await pullWith(landing, places, before.value, { ready, commit: value.commit })
  if (!pull.ok) return pull
  const { url, number, isDraft: draft } = pull.value
  landing.note({
    type: 'pull-request',
    data: { url, number, branch: work.branch, base: base.branch, commit: value.commit, head, draft },
  })
  return ok({
    kind: 'proposed',
    target,
    remote: shown,
    url,
    number,
    opened: before.value === null,
    draft,
    branch: work.branch,
    commit: value.commit,
    joined: value.joined,
  })
}

/** The one that is open for the branch; null: none. Code: pull-request-wrong, where it goes to another branch. */
async function knownPull({ github, base, baseAt, work, owner }: Places): Promise<Result<Pull | null>> {
  const open = await openPulls(github, baseAt, owner, work.branch)
  if (!open.ok) return open
  const right = open.value.find((one) => one.base === base.branch)
  const [other] = open.value
  if (right !== undefined || other === undefined) return ok(right ?? null)
  return fail('pull-request-wrong', `pull request ${other.url} goes to ${other.base}, not ${base.branch}`, {
    fix: `gh pr edit ${other.number} --base ${base.branch}`,
    data: { url: other.url },
  })
}

/** Sets the branch of the work. One that others pushed to is theirs. Codes: land-rejected, and those of remote.ts. */
async function pushWork(
  landing: Landing,
  { git, work }: Places,
  commit: string,
): Promise<Result<'pushed' | 'moved'>> {
  const { own } = landing.ground
  const there = await remoteCommit(git, work)
  if (!there.ok) return there
  if (there.value === commit) return ok('pushed')
  const ours = await isOurs(landing, work, there.value, commit)
  if (!ours.ok) return ours
  if (!ours.value)
    return fail(
      'land-rejected',
      `${shownBranch(work)} holds commits that the work does not: it is at ${there.value?.slice(0, 12)}`,
      { fix: `git fetch ${work.remote} && autonomous-loop batch take ${shownBranch(work)}` },
    )
  const sent = await sendObjects(own, commit)
  if (!sent.ok) return sent
  landing.note({ type: 'pushing', data: { ...work, commit } })
  batchStep('push')
  const pushed = await pushCommit(git, work, commit, there.value)
  batchStep('push')
  return pushed.ok ? ok(pushed.value.kind) : pushed
}

/** Whether a branch that is there may be set to the commit: we set it, or nothing is lost of it. */
async function isOurs(
  { ground: { own }, state }: Landing,
  { remote, branch }: RemoteBranch,
  there: string | null,
  commit: string,
): Promise<Result<boolean>> {
  const known = state().pushed.some(
    (one) => one.remote === remote && one.branch === branch && one.commit === there,
  )
  if (there === null || known) return ok(true)
  const held = await heldAmong(own, gitObjects, [there])
  if (!held.ok) return held
  return held.value.length === 0 ? ok(false) : isAncestor(own, there, commit)
}

async function pullWith(
  landing: Landing,
  { github, base, baseAt, work, owner }: Places,
  before: Pull | null,
  { ready, commit }: { readonly ready: boolean; readonly commit: string },
): Promise<Result<Pull>> {
  const wanted = { branch: work.branch, base: base.branch, commit }
  let number = before?.number
  if (number === undefined) {
    batchStep('pull-request')
    const opened = await openPull(github, baseAt, {
      ...pullText(pullParts(landing, commit)),
      head: `${owner}:${work.branch}`,
      base: base.branch,
      draft: !ready,
    })
    batchStep('pull-request')
    if (!opened.ok) return opened
    number = opened.value
  }
  const found = await lookedUp(github, baseAt, { ...wanted, number })
  if (!found.ok || !ready || !found.value.isDraft) return found
  const marked = await markReady(github, found.value)
  if (!marked.ok) return marked
  const again = await lookedUp(github, baseAt, { ...wanted, number })
  if (!again.ok || !again.value.isDraft) return again
  return fail('pull-request-wrong', `pull request ${again.value.url} is still a draft`, {
    fix: `gh pr ready ${number}`,
    data: { url: again.value.url },
  })
}
