import type { Command } from '../contract/types.ts'
import { findRenewedPath } from './renewed-path.ts'
import { resolveCommand } from '../gates/resolve.ts'
import type { GateResult } from '../gates/types.ts'
import type { Activation } from '../ledger/events.ts'

/**
 * A gate that could not run, with the fix that is left where its program is on the PATH that was recorded since: a person
 * accepts that PATH for this run.
 */
export function withRenewedPath(
  home: string,
  activation: Activation,
  command: Command,
  result: GateResult,
): GateResult {
  if (result.outcome.kind !== 'could-not-run') return result
  const renewed = findRenewedPath(home, activation)
  // Only what is shown here may be accepted by the digest that is shown here.
  if (renewed?.drift.changes.length !== 1) return result
  const found = (gatePath: string): boolean => resolveCommand(command, activation.repoRoot, gatePath).ok
  if (found(activation.gatePath) || !found(renewed.gatePath)) return result
  const { digest } = renewed.drift
  const fix = `a person accepts the PATH of gates with the prompt: autonomous-loop amend ${digest.slice(0, 12)} (${activation.gatePath} becomes ${renewed.gatePath})`
  return { ...result, outcome: { ...result.outcome, fix } }
}
