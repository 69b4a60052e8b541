import type { Policy } from '../contract/types.ts'
import type { Frozen } from '../definition/frozen.ts'

/** What gates stand on: of a run, or of a tree on which they are only measured. */
export interface GateGround {
  readonly runId: string
  /** Verdicts before this one; logs are named after it. */
  readonly stops: number
  readonly contract: { readonly policy: Pick<Policy, 'gateWrites' | 'sandbox'> }
  readonly activation: Pick<
    Frozen,
    'repoRoot' | 'gatePath' | 'config' | 'baselines' | 'pins' | 'steps' | 'copied' | 'kept'
  >
}
