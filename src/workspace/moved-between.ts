import type { Comparison } from '../evidence/types.ts'

/** Paths whose content, type or permission is not the same in two comparisons with the same baselines, sorted. */
export function movedBetween(a: Comparison, b: Comparison): string[] {
  return changedKeys(a.state, b.state)
}

/** The same, of two states. */
export function changedKeys(a: Comparison['state'], b: Comparison['state']): string[] {
  const paths = new Set([...a.keys(), ...b.keys()])
  return [...paths].filter((path) => a.get(path) !== b.get(path)).sort()
}
