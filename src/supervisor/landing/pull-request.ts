import { setTimeout as later } from 'node:timers/promises'
import { isObject } from '../../base/json.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import type { GithubPlace } from './github-place.ts'
import type { Github } from './github.ts'

/** A pull request as GitHub has it. */
export interface Pull {
  readonly number: number
  readonly id: string
  readonly url: string
  readonly isOpen: boolean
  readonly isDraft: boolean
  readonly branch: string
  readonly base: string
  readonly commit: string
}

const path = ({ owner, name }: GithubPlace): string => `repos/${owner}/${name}/pulls`

/** Those that are open for a branch of `owner`. Codes: those of Github, gh-unreachable (an answer of another form). */
export async function openPulls(
  github: Github,
  place: GithubPlace,
  owner: string,
  branch: string,
): Promise<Result<readonly Pull[]>> {
  const head = encodeURIComponent(`${owner}:${branch}`)
  const said = await github.call('GET', `${path(place)}?state=open&per_page=100&head=${head}`)
  if (!said.ok) return said
  if (!Array.isArray(said.value)) return strange(place)
  const pulls: Pull[] = []
  for (const one of said.value as readonly unknown[]) {
    const pull = pullOf(one)
    if (pull === null) return strange(place)
    // An old server that knows no such filter gives all.
    if (pull.branch === branch) pulls.push(pull)
  }
  return ok(pulls)
}

/** Opens one. Codes: those of Github, gh-unreachable. */
export async function openPull(
  github: Github,
  place: GithubPlace,
  parts: {
    readonly title: string
    readonly body: string
    readonly head: string
    readonly base: string
    readonly draft: boolean
  },
): Promise<Result<number>> {
  const said = await github.call('POST', path(place), parts)
  if (!said.ok) return said
  const pull = pullOf(said.value)
  return pull === null ? strange(place) : ok(pull.number)
}

/** Takes the mark of a draft off. Codes: those of Github. */
export async function markReady(github: Github, { id }: Pull): Promise<Result<unknown>> {
  return github.call('POST', 'graphql', {
    query:
      'mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } } }',
    variables: { id },
  })
}

/** How often GitHub is asked before what it says counts: it takes a pushed commit in a moment later. */
const MOST_LOOKS = 6
const PAUSE_MS = 1000

/**
 * Looks a pull request up, and holds it to what it is said to be. Codes: those of Github, pull-request-wrong (with what is there).
 */
export async function lookedUp(
  github: Github,
  place: GithubPlace,
  wanted: Pick<Pull, 'number' | 'branch' | 'base' | 'commit'>,
): Promise<Result<Pull>> {
  for (let look = 1; ; look += 1) {
    const said = await github.call('GET', `${path(place)}/${wanted.number}`)
    if (!said.ok) return said
    const pull = pullOf(said.value)
    if (pull === null) return strange(place)
    const wrong = differences(pull, wanted)
    if (wrong.length === 0) return ok(pull)
    if (look >= MOST_LOOKS || pull.commit === wanted.commit)
      return fail('pull-request-wrong', `pull request ${pull.url} ${wrong.join(', and ')}`, {
        fix: `gh pr view ${pull.number} --web`,
        data: { url: pull.url },
      })
    await later(PAUSE_MS)
  }
}

function differences(pull: Pull, wanted: Pick<Pull, 'branch' | 'base' | 'commit'>): readonly string[] {
  return [
    ...(pull.isOpen ? [] : ['is not open']),
    ...(pull.branch === wanted.branch ? [] : [`is of the branch ${pull.branch}, not ${wanted.branch}`]),
    ...(pull.base === wanted.base ? [] : [`goes to ${pull.base}, not ${wanted.base}`]),
    ...(pull.commit === wanted.commit
      ? []
      : [`holds ${pull.commit.slice(0, 12)}, not ${wanted.commit.slice(0, 12)}, which was judged`]),
  ]
}

function strange({ host }: GithubPlace): Result<never> {
  return fail('gh-unreachable', `${host} answers in a form that is not known`, {
    fix: 'gh --version   (2.20 or newer is needed)',
  })
}

function pullOf(value: unknown): Pull | null {
  if (!isObject(value)) return null
  const { number, node_id: id, html_url: url, state, draft, head, base } = value
  if (typeof number !== 'number' || typeof id !== 'string' || typeof url !== 'string') return null
  if (!isObject(head) || !isObject(base)) return null
  const { ref: branch, sha: commit } = head
  const { ref: baseBranch } = base
  if (typeof branch !== 'string' || typeof commit !== 'string' || typeof baseBranch !== 'string') return null
  if (!/^https?:\/\/[\w.:/-]+$/.test(url)) return null
  return {
    number,
    id,
    url,
    isOpen: state === 'open',
    isDraft: draft === true,
    branch,
    base: baseBranch,
    commit,
  }
}
