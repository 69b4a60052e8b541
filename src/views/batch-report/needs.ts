import type { ParkCode, Rest } from '../../supervisor/record/events.ts'
import { isUnusable } from '../../supervisor/decide/agents.ts'
import { agentState } from '../../supervisor/record/fold-agents.ts'
import type { BatchState } from '../../supervisor/record/state.ts'
import { never } from '../../base/result.ts'
import { agentMend } from '../agent-mend.ts'
import type { Around } from '../batch-around.ts'
import { restNow } from '../batch-status.ts'
import type { Need, RecordReport, ReportItem } from './shape.ts'
import { iso } from './tries.ts'

const RUN = 'autonomous-loop run'

/** Everything that waits for a person, what is most urgent first. Pure. */
export function needsOf(
  state: BatchState,
  around: Around,
  { items, record, landed }: { items: readonly ReportItem[]; record: RecordReport; landed: string | null },
): readonly Need[] {
  const rest = restNow(state, around)
  return [
    ...(record.holds ? [] : [{ kind: 'record' as const, command: 'autonomous-loop doctor' }]),
    ...agentNeeds(state, around),
    ...(rest === null ? [] : batchNeeds(rest, around)),
    ...(rest === null ? [] : landNeeds(state, items, landed)),
    ...newNeeds(around.newItems),
    ...items.flatMap((one) => itemNeed(one, state)),
  ]
}

function batchNeeds(rest: Rest, { isContinuous }: Around): readonly Need[] {
  const command = restCommand(rest)
  if (command === null || (isContinuous && rest.state !== 'halted')) return []
  return [
    {
      kind: 'batch',
      state: rest.state,
      code: 'code' in rest ? rest.code : null,
      why: 'why' in rest ? (rest.why ?? null) : null,
      until: rest.state === 'suspended' && rest.until !== null ? iso(rest.until) : null,
      command,
    },
  ]
}

/** Null: nothing is asked for the batch as a whole. */
function restCommand(rest: Rest): string | null {
  switch (rest.state) {
    case 'completed':
      return null
    case 'active':
    case 'suspended':
      return RUN
    case 'parked':
      return rest.code === 'parked-in-a-row' ? 'autonomous-loop retry --all' : null
    case 'paused':
      if (rest.code === 'config-changed') return 'autonomous-loop allow --amend'
      if (rest.code === 'approval-withdrawn') return 'autonomous-loop allow'
      return rest.code === 'could-not-run' ? 'autonomous-loop doctor' : RUN
    case 'halted':
      if (rest.code === 'budget') return 'autonomous-loop allow --amend'
      return rest.code === 'no-agent' ? RUN : 'autonomous-loop doctor'
    default:
      return never(rest, 'rest of a batch')
  }
}

function agentNeeds(state: BatchState, around: Around): readonly Need[] {
  const { plan } = around
  if (plan === null) return []
  return Object.keys(plan.settings.agents).flatMap((agent): Need[] => {
    if (!isUnusable(state, plan, agent)) return []
    const { unusable, said } = agentState(state, agent)
    const command = agentMend(agent, unusable, around) ?? RUN
    return [{ kind: 'agent', agent, why: unusable ?? 'failures', said, command }]
  })
}

/** What a person does about a parked item, without its id where that is null. */
const PARKED: Readonly<Record<ParkCode, readonly [command: string, withId: boolean]>> = {
  attempts: ['retry', true],
  'no-progress': ['retry', true],
  budget: ['retry', true],
  spawns: ['retry', true],
  conflict: ['retry', true],
  'already-met': ['drop', true],
  blocked: ['retry', true],
  proposal: ['accept', true],
  'contract-changed': ['accept', true],
  definition: ['batch take', false],
  'could-not-run': ['doctor', false],
  stagnation: ['retry', true],
  review: ['retry', true],
  'stopped-by-agent': ['retry', true],
}

function itemNeed(
  { id, title, state, edited, why, waits_for }: ReportItem,
  { items }: BatchState,
): readonly Need[] {
  const item = items.get(id)
  if (item?.standing.kind === 'parked') {
    const { code } = item.standing
    // Its new text is what a person said to it.
    const [command, withId] = edited ? (['accept', true] as const) : PARKED[code]
    return [
      {
        kind: 'item',
        item: id,
        title,
        code,
        why,
        proposal: code === 'proposal' ? (item.proposal?.proposal.kind ?? null) : null,
        command: `autonomous-loop ${command}${withId ? ` ${id}` : ''}`,
      },
    ]
  }
  const isEdited = edited || waits_for?.kind === 'unaccepted'
  return isEdited && state !== 'done'
    ? [{ kind: 'edited', item: id, title, command: `autonomous-loop accept ${id}` }]
    : []
}

function newNeeds(items: readonly string[]): readonly Need[] {
  return items.length === 0
    ? []
    : [{ kind: 'new-items', items, command: `autonomous-loop accept ${items.join(' ')}` }]
}

/** What is in the head and was not landed: items, a goal's iterations, commits that were taken. */
function landNeeds(
  { head, opened, pullRequest }: BatchState,
  items: readonly ReportItem[],
  landed: string | null,
): readonly Need[] {
  if (head === opened.base || landed === head) return []
  if (pullRequest?.head === head) {
    const { url, base, draft } = pullRequest
    return [{ kind: 'pull-request', url, base, draft, command: `gh pr view ${url}` }]
  }
  if (opened.target === null) return []
  const left = items.filter((one) => one.commit !== null && !one.landed && !one.earlier).map((one) => one.id)
  return [{ kind: 'land', items: left, target: opened.target, command: 'autonomous-loop land --merge' }]
}
