import { type Result, ok } from '../base/result.ts'
import { captureGit } from './git/capture.ts'
import { isIgnored } from './git/ignored.ts'
import { type Repo, findRepo } from './git/repo.ts'
import { runGit } from './git/run.ts'
import { readSettings } from './git/settings.ts'
import { openShadow } from './git/shadow.ts'
import { capturePlain } from './plain-baseline.ts'
import { captureTexts } from './start-texts.ts'
import type { Baseline, EvidenceOptions, GitBaseline, NamedPath, Refs } from './types.ts'

/**
 * What the workspace looks like now. In a git work tree: a list of the tracked files and what differs from it; elsewhere every
 * file.
 * `named` are the paths of evidence: they are recorded even when git ignores them.
 * `inPart`: files whose text is kept, because a scope opens parts of them.
 * Errors: `git-not-found`, `git-failed`, `git-timeout`, `git-hangs`, `git-not-started`, `scratch-unwritable`, `workspace-busy`.
 */
export async function captureBaseline(
  root: string,
  named: readonly NamedPath[],
  options: EvidenceOptions,
  inPart: readonly string[] = [],
): Promise<Result<Baseline>> {
  const captured = await capture(root, named, options, true)
  return captured.ok && inPart.length > 0
    ? ok({ ...captured.value, texts: captureTexts(root, inPart) })
    : captured
}

/** The same as an agent may report it from inside its sandbox: HEAD and what differs from it, in one piece. */
export async function captureReport(
  root: string,
  named: readonly NamedPath[],
  options: EvidenceOptions,
): Promise<Result<Baseline>> {
  return capture(root, named, options, false)
}

async function capture(
  root: string,
  named: readonly NamedPath[],
  options: EvidenceOptions,
  withList: boolean,
): Promise<Result<Baseline>> {
  const repo = await repoOf(root, options)
  if (!repo.ok) return repo
  return repo.value ? captureGit(repo.value, root, named, options, withList) : ok(capturePlain(root, named))
}

/**
 * "Nothing differed from this commit" (null: nothing was committed), with the ignore rules of now. For requests that an agent
 * spooled: the commit was recorded out of its reach. Put it last among the baselines. Comparing fails where there is no git.
 * It speaks of ignored files (a commit lacks them) and leaves no path out: what is true of those is what the other baseline says.
 */
export function commitBaseline(
  root: string,
  commit: string | null,
  options: EvidenceOptions,
  refs?: Refs,
): GitBaseline {
  const repo = findRepo(root)
  return {
    kind: 'git',
    commit,
    format: commit?.length === 64 ? 'sha256' : (repo?.format ?? 'sha1'),
    settings: repo ? readSettings(repo, options) : { excludes: '', autocrlf: null, eol: null },
    entries: [],
    named: [{ glob: '**' }],
    sparse: [],
    ignores: null,
    ignored: [],
    nested: [],
    index: null,
    ...(refs === undefined ? {} : { refs }),
  }
}

/** A root deep inside a repository that ignores it (a home kept in git) is a directory of its own. */
export async function repoOf(root: string, options: EvidenceOptions): Promise<Result<Repo | null>> {
  const repo = findRepo(root)
  if (repo === null || repo.prefix === '') return ok(repo)
  const shadow = openShadow(root, repo.format, readSettings(repo, options), options)
  if (!shadow.ok) return shadow
  const ignored = await isIgnored({ ...repo, prefix: '' }, shadow.value, repo.prefix.slice(0, -1))
  const tracked = await runGit(repo, shadow.value, { args: ['ls-files', '-z', '--', repo.prefix] })
  if (!tracked.ok) return tracked
  return ok(tracked.value.length === 0 && ignored ? null : repo)
}
