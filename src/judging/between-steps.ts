import { lookAtDefinition } from '../definition/look.ts'
import type { BetweenSteps } from '../gates/run-steps.ts'
import type { RunState } from '../ledger/state.ts'
import type { Between } from './ports.ts'

/**
 * All that happens between two steps of one command: the definition is compared with what was frozen, and the workspace
 * is looked at where the engine watches it. What the step wrote goes on to the next one: in the tree as it is, or, sealed, in its layer without settings and tools.
 */
export async function betweenSteps({ activation }: RunState, between?: Between): Promise<BetweenSteps> {
  const changed = (lookAtDefinition(activation).drift?.changes ?? []).map((change) => change.file)
  const goesOn = between === undefined || (await between('steps'))
  return goesOn && changed.length === 0
    ? { kind: 'go-on' }
    : { kind: 'end', changed: [...new Set(changed)].sort() }
}
