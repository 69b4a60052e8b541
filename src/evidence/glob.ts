import picomatch from 'picomatch'
import type { NamedPath } from './types.ts'

export type PathTest = (path: string) => boolean

/**
 * What a glob means here, as in editors: `src/**` is every file below src, dotfiles included; `*` stays within one segment; a
 * glob without a slash matches at the root only. A leading `./` or trailing `/` (= everything below) is understood. Without any
 * wildcard it is a path: `src` alone would otherwise be something no file can be, and `pathAbsent` of it always met.
 */
export function compileGlob(glob: string): PathTest {
  const plain = plainGlob(glob)
  const matches = picomatch(plain, { dot: true, nonegate: true, strictSlashes: true })
  if (picomatch.scan(plain).isGlob) return matches
  const below = `${plainPath(plain)}/`
  return (path) => matches(path) || path.startsWith(below)
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

/** `./a/b/` → `a/b`. */
export function plainPath(path: string): string {
  return path.replace(/^(\.\/+)+/, '').replace(/\/+$/, '')
}

/** The directory every match lies in: `src/gen/*.ts` → `src/gen`, `**` → ''. */
export function globBase(glob: string): string {
  return plainPath(picomatch.scan(plainGlob(glob)).base)
}

/** Whether the glob or path speaks of a directory of this name itself (so that walks enter it). */
export function speaksOf(named: NamedPath, segment: string): boolean {
  return ('glob' in named ? named.glob : named.path).split('/').includes(segment)
}

function plainGlob(glob: string): string {
  const plain = glob.replace(/^(\.\/+)+/, '')
  return plain.endsWith('/') ? `${plain}**` : plain
}
