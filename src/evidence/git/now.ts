import { type Result, ok } from '../../base/result.ts'
import { EntryReader, type EntryLook } from '../entry.ts'
import { namedFiles } from './named.ts'
import type { Blob } from './parse.ts'
import type { Scan } from './scan.ts'
import type { Start } from './start.ts'
import type { Shadow } from './shadow.ts'
import type { EntryLine, NamedPath } from '../types.ts'

/** The work tree looked at, with everything needed to compare it with the start. */
export interface Now {
  readonly scan: Scan
  readonly looks: ReadonlyMap<string, EntryLook | null>
  /** The start's side of every path in `looks`. */
  readonly sides: ReadonlyMap<string, Blob | null>
  /** Paths of `looks` that are there only because evidence names them. */
  readonly onlyNamed: ReadonlySet<string>
}

/**
 * Looks at every path that may differ from the start, at `extra` paths and at what evidence names. `known` are entries whose
 * stats may be believed.
 */
export async function lookNow(
  { repo, held, scan: scanNow }: Start,
  shadow: Shadow,
  root: string,
  extra: ReadonlySet<string>,
  named: readonly NamedPath[],
  known: readonly EntryLine[],
): Promise<Result<Now>> {
  const eyes = new EntryReader(root, repo.format, byName(known))
  // Untracked files are read while git still looks at the tracked ones.
  const scan = await scanNow(named, (paths) => eyes.foresee(paths))
  if (!scan.ok) return scan
  const paths = new Set([...scan.value.candidates, ...extra])
  const wanted = await namedFiles(repo, shadow, root, eyes, named)
  if (!wanted.ok) return wanted
  const onlyNamed = new Set([...wanted.value].filter((path) => !paths.has(path)))
  for (const path of onlyNamed) paths.add(path)
  // What a sparse checkout left out is as the index says, not removed.
  for (const path of scan.value.sparse) paths.delete(path)

  const looks = new Map<string, EntryLook | null>()
  // What is not there and yet no candidate was not there at the start either: no need to ask.
  const mayBeHeld = (path: string): boolean => looks.get(path) !== null || scan.value.candidates.has(path)
  const modes = shadow.settings.fileMode !== false
  for (const path of paths) looks.set(path, asKept(eyes.look(path), modes))
  const missing = [...paths].filter((path) => !scan.value.sides.has(path) && mayBeHeld(path))
  const asked = await held.sides(missing.map((path) => repo.prefix + path))
  if (!asked.ok) return asked
  const sides = new Map<string, Blob | null>()
  for (const path of paths)
    sides.set(path, asKept(scan.value.sides.get(path) ?? asked.value.get(repo.prefix + path) ?? null, modes))
  return ok({ scan: scan.value, looks, sides, onlyNamed })
}

/** Where a repository does not tell executable files from others, they are files as any other. */
export function asKept<T extends EntryLook | Blob>(one: T | null, modes: boolean): T | null {
  return one && !modes && one.kind === 'x' ? { ...one, kind: 'f' } : one
}

export function byName(entries: readonly EntryLine[]): Map<string, EntryLine> {
  return new Map(entries.map((entry) => [entry[0], entry]))
}
