import { oneLine } from '../../base/text.ts'
import type { GoalView, IterationView } from '../../views/batch-goal.ts'
import { type Doc, type Line, columns, good, quiet } from './doc.ts'

/** The present goal and the last iterations; what an agent says of one is marked as its word. */
export function goalLines({ goal, last }: GoalView): Doc {
  return [
    ...(goal === null ? [] : [[quiet('  goal it set: '), oneLine(goal, 200)]]),
    ...columns(last.map(iterationLine), 2),
  ]
}

/** After the name of the batch. */
export function goalWords({ iterations, kept }: GoalView): string {
  return `${iterations} ${iterations === 1 ? 'iteration' : 'iterations'}, ${kept} in the head`
}

function iterationLine({ iteration, failed, commit, claimed }: IterationView): Line {
  const came = failed === null ? good(commit?.slice(0, 12) ?? 'over') : failed
  const said = claimed === null || claimed.summary === '' ? '' : `it says: ${oneLine(claimed.summary, 120)}`
  return [`iteration ${iteration}`, came, quiet(said)]
}
