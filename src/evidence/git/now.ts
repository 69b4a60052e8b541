import { type Result, ok } from '../../base/result.ts'
import { EntryReader, type EntryLook } from '../entry.ts'
import { namedFiles } from './named.ts'
import type { Blob } from './parse.ts'
import type { Repo } from './repo.ts'
import { type Scan, scanGit } from './scan.ts'
import type { Shadow } from './shadow.ts'
import { commitSides } from './sides.ts'
import type { EntryLine, GitBaseline, NamedPath } from '../types.ts'

/** The work tree looked at, with everything needed to compare it with commits and entries. */
export interface Now {
  readonly scan: Scan
  readonly looks: ReadonlyMap<string, EntryLook | null>
  /** The reference commit's side of every path in `looks`. */
  readonly sides: ReadonlyMap<string, Blob | null>
  /** Paths of `looks` that are there only because evidence names them. */
  readonly onlyNamed: ReadonlySet<string>
}

/**
 * Looks at every path that may differ from the commit, at `extra` paths and at what evidence names. `own` is a baseline whose
 * stats and index notes may be believed.
 */
export async function lookNow(
  repo: Repo,
  shadow: Shadow,
  root: string,
  commit: string | null,
  extra: ReadonlySet<string>,
  named: readonly NamedPath[],
  own: GitBaseline | null,
): Promise<Result<Now>> {
  const eyes = new EntryReader(root, repo.format, own ? byName(own.entries) : undefined)
  // Untracked files are read while git still looks at the tracked ones.
  const scan = await scanGit(repo, shadow, commit, own?.index ?? null, (paths) => eyes.foresee(paths))
  if (!scan.ok) return scan
  const paths = new Set([...scan.value.candidates, ...extra])
  const wanted = await namedFiles(repo, shadow, root, eyes, named)
  if (!wanted.ok) return wanted
  const onlyNamed = new Set([...wanted.value].filter((path) => !paths.has(path)))
  for (const path of onlyNamed) paths.add(path)
  // What a sparse checkout left out is as the index says, not removed.
  for (const path of scan.value.sparse) paths.delete(path)

  const looks = new Map<string, EntryLook | null>()
  // What is not there and yet no candidate is not in the commit either: no need to ask git.
  const mayBeHeld = (path: string): boolean => looks.get(path) !== null || scan.value.candidates.has(path)
  for (const path of paths) looks.set(path, eyes.look(path))
  const missing = [...paths].filter((path) => !scan.value.sides.has(path) && mayBeHeld(path))
  const asked = await commitSides(repo, shadow, commit, missing)
  if (!asked.ok) return asked
  const sides = new Map<string, Blob | null>()
  for (const path of paths) sides.set(path, scan.value.sides.get(path) ?? asked.value.get(path) ?? null)
  return ok({ scan: scan.value, looks, sides, onlyNamed })
}

export function byName(entries: readonly EntryLine[]): Map<string, EntryLine> {
  return new Map(entries.map((entry) => [entry[0], entry]))
}
