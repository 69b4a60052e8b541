import { type BaseName, bases } from './bases.ts'
import type { Chance } from './chance.ts'
import type { Change } from './change.ts'

/** Makes one of its kind. `names`: of settings, as installed packages know them. */
export type Draw = (chance: Chance, names: readonly string[]) => Change

/** Draws one of these, each as often as its share says. */
export function among(shares: readonly (readonly [share: number, draw: Draw])[]): Draw {
  const all = shares.flatMap(([share, draw]) => Array.from({ length: share }, () => draw))
  return (chance, names) => chance.of(all)(chance, names)
}

export const manifestOf = (base: BaseName): Record<string, unknown> =>
  JSON.parse(bases[base].files['package.json'] ?? '{}') as Record<string, unknown>

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
