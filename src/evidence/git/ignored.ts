import { type Result, ok } from '../../base/result.ts'
import { splitNul } from './parse.ts'
import type { Repo } from './repo.ts'
import { runGit } from './run.ts'
import type { Shadow } from './shadow.ts'
import { pathBytes, pathText } from '../path-text.ts'

/** Names kept in a baseline. */
const MOST = 20_000

/**
 * What git ignores below the root, relative to it: files, and directories (ending in `/`) that a rule hides as a whole. Null
 * when there is more than a baseline can keep. Errors: those of git-run.ts.
 */
export async function ignoredNow(repo: Repo, shadow: Shadow): Promise<Result<string[] | null>> {
  const listed = await runGit(repo, shadow, {
    args: [
      'ls-files',
      '-z',
      '--others',
      '--ignored',
      '--exclude-standard',
      '--directory',
      ...(repo.prefix === '' ? [] : ['--', repo.prefix]),
    ],
  })
  if (!listed.ok) return listed
  const names = splitNul(listed.value)
    .map(pathText)
    .filter((name) => name.startsWith(repo.prefix) && name !== repo.prefix)
  if (names.length > MOST) return ok(null)
  // Listed too: directories that no rule hides and that hold only what is ignored. A new file there would be seen.
  const hidden = await ignoredAmong(
    repo,
    shadow,
    names.filter((name) => name.endsWith('/')),
  )
  if (!hidden.ok) return hidden
  return ok(
    names
      .filter((name) => !name.endsWith('/') || hidden.value.has(name))
      .map((name) => name.slice(repo.prefix.length)),
  )
}

/** A directory below the root that git cannot judge (inside a submodule) counts as ignored: then it is looked at. */
export async function isIgnored(repo: Repo, shadow: Shadow, directory: string): Promise<boolean> {
  const asked = await ignoredAmong(repo, shadow, [`${repo.prefix}${directory}/`])
  return !asked.ok || asked.value.size > 0
}

/** Those of these names, relative to the top, that a rule hides. */
export async function ignoredAmong(
  repo: Repo,
  shadow: Shadow,
  names: readonly string[],
): Promise<Result<ReadonlySet<string>>> {
  if (names.length === 0) return ok(new Set())
  const asked = await runGit(repo, shadow, {
    args: ['check-ignore', '-z', '--stdin'],
    // This command knows no literal pathspecs; `./` keeps a leading `:` from being one.
    env: { GIT_LITERAL_PATHSPECS: '0' },
    input: Buffer.concat(names.flatMap((name) => [pathBytes(`./${name}`), Buffer.from('\0')])),
    accept: [1],
  })
  return asked.ok
    ? ok(new Set(splitNul(asked.value).map((name) => pathText(name).replace(/^\.\//, ''))))
    : asked
}
