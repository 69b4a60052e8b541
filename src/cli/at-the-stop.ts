import type { Command } from '../contract/types.ts'
import type { GateResult } from '../gates/types.ts'

/** A gate that has loopback at the stop may fail in a sandbox without for want of it alone. */
export function atTheStop(command: Command, result: GateResult): GateResult {
  const { network } = command
  const wants = network === 'loopback' || network === 'full'
  if (!wants || result.outcome.kind !== 'failed' || result.outcome.cause === 'killed') return result
  const why = 'it failed in a sandbox without loopback'
  return { ...result, outcome: { kind: 'could-not-run', why, lacks: 'loopback' } }
}
