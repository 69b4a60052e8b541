import type { Activation, NewEvent } from './events.ts'
import { nextRun } from './fold-status.ts'
import { type LedgerState, provisionalRun } from './state.ts'

/** What begins a run; a release before it is final with it. */
export function beginRun(state: LedgerState, activation: Activation): readonly NewEvent[] {
  const activated: NewEvent = { type: 'activated', data: activation }
  return provisionalRun(state) ? [{ type: 'finalised', data: nextRun }, activated] : [activated]
}
