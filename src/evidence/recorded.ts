import { compileNamed, globBase, plainPath, speaksOf } from './glob.ts'
import type { Baseline, NamedPath } from './types.ts'

/**
 * Tells of a path that is neither in the commit nor in the entries of a baseline whether that means "it was not there".
 * Otherwise it may have been there, passed over, and nothing is known of it. `hidden`: git ignores it now. Pure.
 */
export function recordedIn(baseline: Baseline): (path: string, hidden: boolean) => boolean {
  const { named } = baseline
  if (baseline.kind === 'plain') {
    const entered = modulesEntered(named)
    return (path) => entered || !inModules(path)
  }
  if (baseline.ignored === undefined) {
    const tests = named.map(compileNamed)
    return (path, hidden) => !hidden || tests.some((matches) => matches(path))
  }
  const ignored = baseline.ignored && new Set(baseline.ignored)
  const nested = new Set(baseline.nested ?? [])
  return (path, hidden) => {
    const unseen = ignored === null ? hidden : isIn(ignored, path) || (hidden && isIn(nested, path))
    return !unseen || named.some((one) => lookedAt(one, path, ignored, nested))
  }
}

/** As git-named.ts looks: a named path itself; all matches where the directory named is ignored or git cannot judge it. */
function lookedAt(
  one: NamedPath,
  path: string,
  ignored: ReadonlySet<string> | null,
  nested: ReadonlySet<string>,
): boolean {
  const base = baseOf(one)
  if (base === path) return true
  const entered = (ignored !== null && isIn(ignored, `${base}/`)) || isIn(nested, `${base}/`)
  return (
    base !== '' && entered && compileNamed(one)(path) && (!inModules(path) || speaksOf(one, 'node_modules'))
  )
}

/** Whether a walk for these goes into `node_modules`. */
export function modulesEntered(named: readonly NamedPath[]): boolean {
  return named.some((one) => speaksOf(one, 'node_modules'))
}

export function inModules(path: string): boolean {
  return path.split('/').includes('node_modules')
}

/** The path itself or a directory it lies in is in the set. */
export function isIn(places: ReadonlySet<string>, path: string): boolean {
  if (places.has(path)) return true
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1))
    if (places.has(path.slice(0, at + 1))) return true
  return false
}

/**
 * Ignored files that must stay because a glob says what they are called: `.env*`, but not `src/**`, where builds and caches
 * write. What appears later under such a name counts only where git sees it. Pure.
 */
export function stayingAmong(ignored: readonly string[], named: readonly NamedPath[]): string[] {
  const tests = named.filter((one) => one.stays && 'glob' in one && namesFiles(one.glob)).map(compileNamed)
  return tests.length === 0
    ? []
    : ignored.filter((path) => !path.endsWith('/') && tests.some((test) => test(path)))
}

function namesFiles(glob: string): boolean {
  return /[^*?/]/.test(glob.slice(glob.lastIndexOf('/') + 1))
}

function baseOf(one: NamedPath): string {
  return 'glob' in one ? globBase(one.glob) : plainPath(one.path)
}
