import { globRegExp } from '../contract/glob-regexp.ts'
import { readGlob } from '../contract/read-glob.ts'
import { spellings } from './name-form.ts'
import type { NamedPath } from './types.ts'

export type PathTest = (path: string) => boolean

/**
 * What a glob means here, as in editors: `src/**` is every file below src, dotfiles included; `*` stays within one segment; a
 * glob without a slash matches at the root only. A leading `./` or trailing `/` (= everything below) is understood. As it is
 * spelled it is a path too, with what lies below: `src` or `src/[id]` alone would otherwise be something no file can be, and
 * `pathAbsent` of it always met. A text that is not a pattern (a contract refuses it) is only that path.
 */
export function compileGlob(glob: string): PathTest {
  const { pattern, text } = readGlob(plainGlob(glob))
  const matches = globRegExp(pattern)
  return (path) => path === text || path.startsWith(`${text}/`) || matches?.test(path) === true
}

/** A path that any of the globs matches. */
export function globMatcher(globs: readonly string[]): PathTest {
  const tests = globs.map(compileGlob)
  return (path) => tests.some((test) => test(path))
}

/** A named path means itself and, where it is a directory, everything below it. */
export function compileNamed(named: NamedPath): PathTest {
  if ('glob' in named) return compileGlob(named.glob)
  const wanted = plainPath(named.path)
  return (path) => path === wanted || path.startsWith(`${wanted}/`)
}

/** The same in every spelling of the name (see spellings). */
export function compileSpelled(named: NamedPath): PathTest {
  const tests =
    'glob' in named
      ? spellings(named.glob).map(compileGlob)
      : spellings(named.path).map((path) => compileNamed({ path }))
  return (path) => tests.some((test) => test(path))
}

/** `./a/b/` → `a/b`. */
export function plainPath(path: string): string {
  return path.replace(/^(\.\/+)+/, '').replace(/\/+$/, '')
}

/** The directory every match lies in: `src/gen/*.ts` → `src/gen`, `**` → ''. */
export function globBase(glob: string): string {
  return splitGlob(glob).base
}

/** The same and what follows it as it is written; nothing when the glob has no wildcard and is a path. */
export function splitGlob(glob: string): { readonly base: string; readonly rest: string } {
  return readGlob(plainGlob(glob))
}

/** Whether the glob or path speaks of a directory of this name itself (so that walks enter it). */
export function speaksOf(named: NamedPath, segment: string): boolean {
  return ('glob' in named ? named.glob : named.path).split('/').includes(segment)
}

function plainGlob(glob: string): string {
  const plain = glob.replace(/^(\.\/+)+/, '')
  return plain.endsWith('/') ? `${plain}**` : plain
}
