import { type Result, ok } from '../../base/result.ts'
import type { EntryReader } from '../entry.ts'
import { isIgnored } from './ignored.ts'
import type { Repo } from './repo.ts'
import type { Shadow } from './shadow.ts'
import { compileNamed, globBase, plainPath, speaksOf, splitGlob } from '../glob.ts'
import { staysInside } from '../path-text.ts'
import type { NamedPath } from '../types.ts'
import { walkFiles } from '../walk.ts'

/**
 * Files to look at because evidence names them, although git may ignore them: a named path itself; all matches below a named
 * directory or the fixed part of a glob where that directory is ignored. A glob such as `src/**` does not reach what is
 * ignored inside of it (caches, node_modules): that would be met by running a test.
 */
export async function namedFiles(
  repo: Repo,
  shadow: Shadow,
  root: string,
  eyes: EntryReader,
  named: readonly NamedPath[],
): Promise<Result<Set<string>>> {
  const files = new Set<string>()
  for (const one of named) {
    const base = 'glob' in one ? globBase(one.glob) : plainPath(one.path)
    if (!staysInside(base)) continue
    if (!eyes.isDirectory(base)) {
      if ('path' in one || splitGlob(one.glob).rest === '') files.add(base)
      continue
    }
    if (!(await isIgnored(repo, shadow, base))) continue
    const matches = compileNamed(one)
    for (const file of walkFiles(root, base, (name) => name !== 'node_modules' || speaksOf(one, name)))
      if (matches(file)) files.add(file)
  }
  return ok(files)
}
