import { type Result, fail, ok } from '../../base/result.ts'
import { type PersonGit, saidWords } from './person-git.ts'

/** A branch of a remote of the person's repository. */
export interface RemoteBranch {
  readonly remote: string
  readonly branch: string
}

export const shownBranch = ({ remote, branch }: RemoteBranch): string => `${remote}/${branch}`

/**
 * Where a branch is pushed to: the remote that is named, else the one that git would push it to, else `origin`; and the branch that it
 * follows there, else one of its own name. Codes: land-no-remote, and those of PersonGit.
 */
export async function remoteOf(
  git: PersonGit,
  target: string,
  named: string | null,
): Promise<Result<RemoteBranch>> {
  const listed = await git.run(['remote'])
  if (!listed.ok) return listed
  const remotes = listed.value.stdout.split('\n').filter(Boolean)
  const [pushes, all, follows, merge] = await Promise.all(
    [
      `branch.${target}.pushRemote`,
      'remote.pushDefault',
      `branch.${target}.remote`,
      `branch.${target}.merge`,
    ].map((key) => settingOf(git, key)),
  )
  const remote = named ?? pushes ?? all ?? follows ?? 'origin'
  if (!remotes.includes(remote))
    return fail(
      'land-no-remote',
      remotes.length === 0
        ? 'the repository has no remote'
        : `the repository has no remote ${remote}; it has ${remotes.join(', ')}`,
      {
        fix:
          remotes.length === 0
            ? `git remote add ${remote} <url>`
            : `the same command with --remote ${remotes[0]}`,
      },
    )
  const branch = remote === follows ? (merge ?? '').replace(/^refs\/heads\//, '') : ''
  return ok({ remote, branch: branch === '' ? target : branch })
}

/** A setting of the person's git; undefined: there is none. */
export async function settingOf(git: PersonGit, key: string): Promise<string | undefined> {
  const said = await git.run(['config', '--get', key])
  const value = said.ok && said.value.code === 0 ? said.value.stdout.trim() : ''
  return value === '' ? undefined : value
}

/**
 * Where a branch of a remote is, asked of the remote itself; null: there is no such branch. Codes: land-unreachable, land-no-access,
 * and those of PersonGit.
 */
export async function remoteCommit(
  git: PersonGit,
  { remote, branch }: RemoteBranch,
): Promise<Result<string | null>> {
  const said = await git.run(['ls-remote', remote, `refs/heads/${branch}`])
  if (!said.ok) return said
  const { code, stdout, stderr } = said.value
  if (code !== 0) return notReached(remote, stderr)
  return ok(/^[0-9a-f]+/.exec(stdout)?.[0] ?? null)
}

/** Brings a commit of a remote's branch into the person's repository. False: the branch is elsewhere by now. Codes: as remoteCommit. */
export async function fetched(
  git: PersonGit,
  { remote, branch }: RemoteBranch,
  commit: string,
): Promise<Result<boolean>> {
  const isThere = async (): Promise<Result<boolean>> => {
    const said = await git.run(['cat-file', '-e', `${commit}^{commit}`])
    return said.ok ? ok(said.value.code === 0) : said
  }
  const before = await isThere()
  if (!before.ok || before.value) return before
  const said = await git.run([
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
    '--no-auto-gc',
    remote,
    `refs/heads/${branch}`,
  ])
  if (!said.ok) return said
  if (said.value.code !== 0) return notReached(remote, said.value.stderr)
  return isThere()
}

export type Pushed =
  | { readonly kind: 'pushed' }
  /** The branch is not where it was expected. */
  | { readonly kind: 'moved' }

/**
 * Sets a branch of a remote to a commit, if it is where it is expected (null: not there). Hooks of the person's run as with any
 * push. Codes: land-rejected (by the remote, or by a hook here), and as remoteCommit.
 */
export async function pushCommit(
  git: PersonGit,
  { remote, branch }: RemoteBranch,
  commit: string,
  expected: string | null,
): Promise<Result<Pushed>> {
  const ref = `refs/heads/${branch}`
  const said = await git.run([
    'push',
    '--porcelain',
    `--force-with-lease=${ref}:${expected ?? ''}`,
    remote,
    `${commit}:${ref}`,
  ])
  if (!said.ok) return said
  const { code, stdout, stderr } = said.value
  if (code === 0) return ok({ kind: 'pushed' })
  const why = /^!\t[^\t]*\t\[[^\]]*\] \(?(.*?)\)?$/m.exec(stdout)?.[1]
  if (why !== undefined && MOVED.test(why)) return ok({ kind: 'moved' })
  if (why === undefined && code > 1) return notReached(remote, stderr)
  const by = why === undefined ? 'it was stopped before it was sent, as a pre-push hook does' : why
  return fail('land-rejected', `${remote} does not take ${branch}: ${by}: ${saidWords(stderr)}`, {
    fix: `git push ${remote} ${commit.slice(0, 12)}:${ref}   (to see all that it says)`,
  })
}

/** In the words of git, which has no others for it. */
const MOVED = /^(?:stale info|fetch first|non-fast-forward|failed to update ref|cannot lock ref)/

/** Git has one exit status for all of it, and says which in words. */
const NO_ACCESS =
  /terminal prompts disabled|could not read (?:Username|Password)|Authentication failed|Permission denied|Host key verification failed|returned error: 40[13]|Permission to .* denied/i

function notReached(remote: string, stderr: string): Result<never> {
  const words = saidWords(stderr)
  return NO_ACCESS.test(stderr)
    ? fail('land-no-access', `${remote} does not let git in: ${words}`, { fix: `git ls-remote ${remote}` })
    : fail('land-unreachable', `${remote} cannot be reached: ${words}`, { fix: `git ls-remote ${remote}` })
}
