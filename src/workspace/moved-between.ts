import type { Comparison } from '../evidence/types.ts'

/** Paths whose content, type or permission is not the same in two comparisons with the same baselines, sorted. */
export function movedBetween(a: Comparison, b: Comparison): string[] {
  const paths = new Set([...a.state.keys(), ...b.state.keys()])
  return [...paths].filter((path) => a.state.get(path) !== b.state.get(path)).sort()
}
