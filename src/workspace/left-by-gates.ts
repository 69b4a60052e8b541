import fs from 'node:fs'
import { fsPath } from '../evidence/path-text.ts'
import type { Comparison } from '../evidence/types.ts'

/**
 * What gates wrote where nobody had worked. `paths`: files, and directories (ending in `/`) for all below them. Nothing that
 * changed after `until` (ms, by the file's own change time, which no program can set back) is meant.
 */
export interface LeftByGates {
  readonly until: number
  readonly paths: readonly string[]
}

/** More than this are told by directory. */
const MANY = 200
const MOST = 1000

/** Of what differs from the start, what is still as gates left it. */
export function stillAsLeft(
  root: string,
  left: readonly LeftByGates[],
  comparison: Comparison,
): ReadonlySet<string> {
  const until = new Map(left.flatMap((one) => one.paths.map((path) => [path, one.until] as const)))
  const still = new Set<string>()
  if (until.size === 0) return still
  for (const { path } of comparison.changes) {
    const latest = Math.max(...placesOf(path).map((place) => until.get(place) ?? -1))
    if (latest >= 0 && changedAt(root, path) <= latest) still.add(path)
  }
  return still
}

/** What the gates that ran between two looks left; null when nothing. `was`: what they had left before. */
export function leftBetween(
  root: string,
  before: Comparison,
  was: ReadonlySet<string>,
  after: Comparison,
): LeftByGates | null {
  const worked = new Set(before.changes.map((change) => change.path))
  for (const path of was) worked.delete(path)
  const left = after.changes
    .map((change) => change.path)
    .filter(
      (path) => was.has(path) || (!worked.has(path) && before.state.get(path) !== after.state.get(path)),
    )
  if (left.length === 0) return null
  const until = Math.max(0, ...left.map((path) => changedAt(root, path)))
  const taken = new Set([...worked].flatMap(placesOf))
  // The topmost directory below which nobody had worked.
  const place = (path: string): string => placesOf(path).find((one) => !taken.has(one)) ?? path
  const paths = left.length > MANY ? [...new Set(left.map(place))] : left
  return { until, paths: paths.slice(0, MOST) }
}

/** `a/b/c` → `a/`, `a/b/`, `a/b/c`. */
function placesOf(path: string): string[] {
  const places: string[] = []
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1))
    places.push(path.slice(0, at + 1))
  return [...places, path]
}

/** 0 for what is gone: a gate that removed it has the last word until it is there again. */
function changedAt(root: string, path: string): number {
  try {
    return fs.lstatSync(fsPath(root, path)).ctimeMs
  } catch {
    return 0
  }
}
