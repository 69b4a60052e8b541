import { type Result, fail, ok } from '../../base/result.ts'
import type { PersonGit } from './person-git.ts'
import { settingOf } from './remote.ts'

/** A repository on GitHub, or on a server of its kind. */
export interface GithubPlace {
  readonly host: string
  readonly owner: string
  readonly name: string
}

export const placeWords = ({ host, owner, name }: GithubPlace): string =>
  host === 'github.com' ? `${owner}/${name}` : `${host}/${owner}/${name}`

/** Null: the address of a remote names no such place. Pure. */
export function githubPlace(url: string): GithubPlace | null {
  const found =
    /^(?:https?|ssh|git):\/\/(?:[^/@]*@)?([^/:@]+)(?::\d+)?\/([^/]+)\/([^/]+?)(?:\.git)?\/?$/.exec(url) ??
    /^(?:[^/@:]+@)?([^/:@]+):\/?([^/:]+)\/([^/]+?)(?:\.git)?\/?$/.exec(url)
  const [, host = '', owner = '', name = ''] = found ?? []
  if (found === null || ![host, owner, name].every((part) => /^[\w.-]+$/.test(part))) return null
  return { host: host.toLowerCase().replace(/^ssh\.github\.com$/, 'github.com'), owner, name }
}

/** What a remote's pushes go to. Code: land-no-github, and those of PersonGit. */
export async function githubOf(git: PersonGit, remote: string): Promise<Result<GithubPlace>> {
  const expanded = await git.run(['remote', 'get-url', '--push', remote])
  if (!expanded.ok) return expanded
  // As it is written where what stands for it is no address of GitHub, such as a mirror on this machine.
  const written =
    (await settingOf(git, `remote.${remote}.pushurl`)) ?? (await settingOf(git, `remote.${remote}.url`)) ?? ''
  const place = githubPlace(expanded.value.stdout.trim()) ?? githubPlace(written)
  return place === null
    ? fail('land-no-github', `the address of ${remote} does not name a repository on GitHub`, {
        fix: 'autonomous-loop land --push',
      })
    : ok(place)
}

/** The remote whose repository `gh repo set-default` made the one that pull requests go to; else this one. */
export async function baseRemote(git: PersonGit, remote: string): Promise<Result<string>> {
  const said = await git.run(['config', '--get-regexp', String.raw`^remote\..*\.gh-resolved$`])
  if (!said.ok) return said
  return ok(/^remote\.(.*)\.gh-resolved base$/m.exec(said.value.stdout)?.[1] ?? remote)
}
