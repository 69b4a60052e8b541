import { never } from '../../base/result.ts'
import type { RunStatus } from '../../verdict/standing.ts'
import type { RunState } from '../../ledger/state.ts'
import { runSummary } from '../../verdict/words/summary.ts'
import { type Doc, type Span, bad, good, quiet, strong, warn } from './doc.ts'

/** A run's state with its colour. */
export function stateSpan(state: RunStatus): Span {
  switch (state) {
    case 'released':
      return good(state)
    case 'active':
      return { text: state, tone: 'strong' }
    case 'parked':
    case 'paused':
      return warn(state)
    case 'halted':
      return bad(state)
    case 'waived':
    case 'disabled':
      return quiet(state)
    default:
      return never(state, 'run state')
  }
}

/** What a person reads after changing a run; `next` is how the work goes on. */
export function runChangeDoc(action: string, run: RunState, next: string): Doc {
  const said: Readonly<Record<string, string>> = {
    pause: `Paused: stops of this session are not judged until autonomous-loop resume ${run.runId.slice(0, 12)}.`,
    resume: 'Resumed: the next stop is judged.',
    disable: 'Disabled: nothing holds this session any more.',
    release: 'Waived: the run is let go as it is; it was not judged done.',
    amend: 'Accepted: the gates now mean what they mean in the repository.',
  }
  return [said[action] ?? action, [quiet(runSummary(run))], ['Go on: ', strong(next)]]
}
