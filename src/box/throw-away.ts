import path from 'node:path'
import { isDirectory } from '../base/file-kind.ts'
import { isWithin, realPath } from '../base/within.ts'

/** Where programs keep what is a person's: settings, data, state, caches. */
const PLACES = ['.config', '.local/share', '.local/state', '.cache']

/**
 * Directories of a person's home that a gate may write inside its box: what it writes goes to the layer that is thrown away, so a
 * program whose tests write settings can be tested, and nobody's settings change. Those that are there, links resolved. Left
 * out is what stays written (`kept`), and what holds a place that no gate may write, not even for itself (`never`).
 */
export function throwAwayDirectories(
  home: string | undefined,
  {
    kept,
    never,
    more = [],
  }: {
    readonly kept: readonly string[]
    readonly never: readonly string[]
    /** Besides those of every box. */
    readonly more?: readonly string[]
  },
): string[] {
  if (home === undefined || !path.isAbsolute(home)) return []
  const closed = never.flatMap((place) => [path.resolve(place), realPath(place)])
  const stays = kept.map((dir) => realPath(dir.startsWith('~') ? path.join(home, dir.slice(1)) : dir))
  const found = [...PLACES.map((place) => path.join(home, place)), ...more]
    .filter(isDirectory)
    .map(realPath)
    .filter((dir) => !closed.some((place) => isWithin(place, dir)) && !stays.includes(dir))
  return found.filter((dir) => !found.some((other) => other !== dir && isWithin(dir, other)))
}
