import type { BatchEventData } from './events.ts'
import { resumed } from './fold-person.ts'
import { backedOff } from './fold-items.ts'
import type { AttemptState, BatchState } from './state.ts'

export function checked(
  state: BatchState,
  { commit, red, couldNotRun, what, layers }: BatchEventData['checked'],
  at: number,
): BatchState {
  const green = red.length + couldNotRun.length === 0 ? commit : state.green
  if (what === 'base') return { ...state, green, red, layers }
  const isAsked = [...state.attempts.values()].some((one) => one.stage.at === 'doubted')
  const known = new Set(isAsked ? state.red : [])
  if (red.some((name) => !known.has(name)))
    return undoubted({ ...state, redHead: commit, redChecks: state.redChecks + 1 }, null)
  return couldNotRun.length === 0
    ? undoubted({ ...state, green }, commit)
    : backedOff(state, at + 10_000, couldNotRun.join(', '))
}

/** Attempts whose gates were red go on: told so where the head is green, and judged once more where it is not to blame them. */
function undoubted(state: BatchState, head: string | null): BatchState {
  const attempts = [...state.attempts].map(([fence, one]): [number, AttemptState] => {
    if (one.stage.at !== 'doubted') return [fence, one]
    const { candidate, told } = one.stage
    return head === null
      ? [fence, { ...one, stage: { at: 'candidate', candidate }, same: { key: '', times: 0 } }]
      : [fence, { ...one, stage: { at: 'ready', told }, checkedHead: head }]
  })
  return { ...state, attempts: new Map(attempts) }
}

/** What was judged by the config of before is judged again; what is done stays done. */
export function configAmended(
  state: BatchState,
  { config, gatePath }: BatchEventData['config-amended'],
): BatchState {
  const attempts = [...state.attempts].map(([fence, one]): [number, AttemptState] =>
    one.stage.at === 'released' || one.stage.at === 'doubted'
      ? [fence, { ...one, stage: { at: 'candidate', candidate: one.stage.candidate } }]
      : [fence, one],
  )
  return {
    ...resumed(state),
    opened: { ...state.opened, config, gatePath },
    attempts: new Map(attempts),
    green: null,
  }
}
