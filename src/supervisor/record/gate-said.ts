import type { CommandRecord } from '../../gates/command-record.ts'
import type { GateSaid } from './events.ts'

/** A gate's record without its words. Pure. */
export function gateSaid({ name, outcome, durationMs, runs }: CommandRecord): GateSaid {
  return {
    name,
    outcome,
    ms: Math.round(durationMs),
    ...(runs === undefined
      ? {}
      : { runs: runs.map((one) => ({ outcome: one.outcome, ms: Math.round(one.durationMs) })) }),
  }
}
