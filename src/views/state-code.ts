import type { RunStatus } from '../verdict/standing.ts'

/** Exit code of `status --check` for one state, as scripts and CI read it; null: there is no run. */
export function stateCode(state: RunStatus | null): number {
  const codes: Readonly<Record<RunStatus, number>> = {
    released: 0,
    active: 4,
    parked: 5,
    paused: 6,
    halted: 7,
    waived: 9,
    disabled: 9,
  }
  return state === null ? 8 : codes[state]
}
