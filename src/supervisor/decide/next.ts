import { never } from '../../base/result.ts'
import type { AttemptFailure, ParkCode } from '../record/events.ts'
import {
  MOST_CONFLICTS,
  MOST_MACHINE_FAILURES,
  type Mode,
  type Moment,
  type Plan,
  exhausted,
  holdsNow,
  holdsOf,
  spawnsLeft,
} from './holds.ts'
import { agentsAtStart, agentsWakeAt, isAway, standsStill, takesOver } from './agents.ts'
import type { Action } from './action.ts'
import { planStep, releasedStep } from './asking.ts'
import { isUsedUp, itemLeft } from './budget.ts'
import { mayBeMet } from './may-be-met.ts'
import { readyItems } from './ready.ts'
import { planStanding } from './planning.ts'
import { reviewStanding } from './reviews.ts'
import { restOf } from './rest.ts'
import type { AttemptState, BatchState } from '../record/state.ts'
import { ENDINGS, HAPPENINGS, type StageName, TABLE, answeredBy } from './table.ts'

/** What this process is at. */
export interface InFlight {
  readonly fences: ReadonlySet<number>
  /** The one checkout in which trees are judged is in use. */
  readonly lane: boolean
  /** A worktree is being chosen: two at once could choose the same. */
  readonly choosing: boolean
}

export interface Next {
  readonly actions: readonly Action[]
  /** When there may be more although nothing happens; null: never. */
  readonly wakeAt: number | null
}

/** Actions that use the checkout in which trees are judged. */
export function usesLane({ kind }: Action): boolean {
  return kind === 'judge' || kind === 'integrate' || kind === 'check-head' || kind === 'look'
}

/** What is to be begun now. Pure: the same state, plan and time always come to the same. */
export function next(state: BatchState, plan: Plan, inFlight: InFlight, mode: Mode, now: number): Next {
  const moment = { state, plan, mode, now }
  const actions: Action[] = []
  let { lane, choosing } = inFlight
  const begin = (action: Action): void => {
    if (usesLane(action) ? lane : action.kind === 'worktree' && choosing) return
    lane ||= usesLane(action)
    choosing ||= action.kind === 'worktree'
    actions.push(action)
  }
  const steps = [...state.attempts.values()].flatMap((attempt) => {
    const step = inFlight.fences.has(attempt.fence) ? null : stepOf(moment, attempt)
    return step === null ? [] : [step]
  })
  // What was proved on this head goes first: once the head has moved it has to be proved again.
  const isProved = ({ kind }: Action): boolean => kind === 'integrate'
  for (const step of [...steps.filter(isProved), ...inTurn(steps, moment, inFlight)]) begin(step)
  for (const [id, item] of state.items) {
    const code = item.standing.kind === 'open' ? overFor(moment, id) : null
    if (code !== null) begin({ kind: 'park', item: id, code })
  }
  if (actions.some((one) => one.kind === 'park')) return { actions, wakeAt: null }
  for (const item of startable(moment)) begin({ kind: wantsLook(moment, item) ? 'look' : 'open', item })
  const wakeAt = wakesAt(moment)
  if (actions.length > 0 || inFlight.fences.size > 0 || inFlight.lane) return { actions, wakeAt }
  const rest = restOf(moment)
  if (rest === 'check-head') return { actions: [{ kind: 'check-head' }], wakeAt: null }
  return typeof rest === 'number'
    ? { actions: [], wakeAt: Math.min(rest, wakeAt ?? rest) }
    : { actions: [{ kind: 'rest', rest }], wakeAt: null }
}

/**
 * What was not proved yet. Turns begin while there are jobs left, as attempts that waited for their agent come back to others at work, and
 * starts that a day allows: of a turn that is being prepared the start is not on record yet.
 */
function inTurn(
  steps: readonly Action[],
  { state, plan, now }: Moment,
  { fences }: InFlight,
): readonly Action[] {
  const isTurn = ({ kind }: Action): boolean => kind === 'turn' || kind === 'plan' || kind === 'review-plan'
  const others = steps.filter((one) => one.kind !== 'integrate' && !isTurn(one))
  const turns = steps.filter(isTurn)
  const jobs = plan.settings.jobs - fences.size - (steps.length - turns.length)
  const prepared = [...fences].filter((fence) => state.attempts.get(fence)?.stage.at === 'ready')
  const starts = spawnsLeft(state, plan, now) - prepared.length
  return [...others, ...turns.slice(0, Math.max(0, Math.min(jobs, starts)))]
}

function wakesAt(moment: Moment): number | null {
  const { backedOff, until } = moment.state
  const times = [backedOff?.until, until, agentsWakeAt(moment)].filter(
    (one): one is number => typeof one === 'number' && one > moment.now,
  )
  return times.length === 0 ? null : Math.min(...times)
}

/** The next step of one open attempt; null where it waits. What comes between is decided by the table. */
function stepOf(moment: Moment, attempt: AttemptState): Action | null {
  const { fence } = attempt
  const at = stageName(moment, attempt)
  const between = answeredBy(at, holdsOf(moment, attempt))
  if (between === null) return ownStep(moment, attempt)
  const failure = ENDINGS[between.happening]
  if (failure !== undefined) return { kind: 'fail', fence, failure }
  if (between.answer === 'ended') return { kind: 'retake', fence }
  const agent = between.happening === 'agent-suspended' ? takesOver(moment, attempt) : null
  if (agent !== null) return { kind: 'hand-over', fence, agent }
  return between.answer === 'judged-again' ? { kind: 'judge', fence } : null
}

/** Where nothing comes between. */
function ownStep(moment: Moment, attempt: AttemptState): Action | null {
  const { state, plan } = moment
  const { fence, stage } = attempt
  switch (stage.at) {
    case 'worktree':
      return { kind: 'worktree', fence }
    case 'ready': {
      const planned = planStep(moment, attempt)
      if (planned !== undefined) return planned
      // Work of before, which does not do: what comes next begins at the head.
      if (attempt.worktree === '') return { kind: 'fail', fence, failure: { kind: 'contract-changed' } }
      // Its worktree and its conversation stay, for a person to say that it may go on.
      if (isUsedUp(itemLeft(state, plan, attempt.item)))
        return { kind: 'park', item: attempt.item, code: 'budget' }
      const failure = limitOf(state, plan, attempt)
      return failure === null ? { kind: 'turn', fence } : { kind: 'fail', fence, failure }
    }
    case 'working':
      return null
    case 'turned':
      return turnedStep(attempt, stage.outcome)
    case 'candidate':
      if (attempt.machine >= MOST_MACHINE_FAILURES)
        return { kind: 'fail', fence, failure: { kind: 'parked', code: 'could-not-run' } }
      return { kind: 'judge', fence }
    case 'doubted':
      return { kind: 'check-head' }
    case 'released':
      return releasedStep(moment, attempt, stage.candidate.tree)
    case 'integrating':
      return { kind: 'integrate', fence }
    case 'integrated':
      return { kind: 'finish', fence }
    case 'ending':
      return { kind: 'wind-up', fence }
    default:
      return never(stage, 'stage of an attempt')
  }
}

/** The table has columns of their own for what is to be planned first, and for work that reviewers are still to see. */
export function stageName({ plan }: Pick<Moment, 'plan'>, attempt: AttemptState): StageName {
  if (planStanding(plan, attempt) !== null) return 'plan'
  const standing = reviewStanding(plan, attempt)
  return standing === null || standing.kind === 'passed' ? attempt.stage.at : 'review'
}

function limitOf(state: BatchState, plan: Plan, attempt: AttemptState): AttemptFailure | null {
  const item = state.items.get(attempt.item)
  const { limits } = plan.settings
  const own = plan.items.get(attempt.item)?.limits ?? {}
  const { claim } = attempt
  if (claim?.stop && !claim.completed) return { kind: 'parked', code: 'stopped-by-agent', why: claim.reason }
  if (attempt.same.times >= limits.noProgress) return { kind: 'no-progress' }
  if (attempt.turn >= (own.turns ?? limits.turns)) return { kind: 'turns' }
  if (item && item.conflicts >= MOST_CONFLICTS) return { kind: 'parked', code: 'conflict' }
  if (item && item.spawns >= limits.spawns) return { kind: 'parked', code: 'spawns' }
  return null
}

function turnedStep(
  { fence }: AttemptState,
  outcome: Extract<AttemptState['stage'], { at: 'turned' }>['outcome'],
): Action {
  // It did what it could in its turn: what is there is looked at, and the next one goes on.
  if (outcome.kind === 'budget') return { kind: 'candidate', fence }
  if (outcome.kind !== 'finished') return { kind: 'fail', fence, failure: { kind: 'agent', outcome } }
  const { status, summary } = outcome.answer
  switch (status) {
    case 'complete':
    case 'continue':
      return { kind: 'candidate', fence }
    case 'blocked':
    case 'proposal':
      return { kind: 'fail', fence, failure: { kind: 'parked', code: status, why: summary } }
    default:
      return never(status, 'answer of an agent')
  }
}

/** Why an open item is not tried any more; null: it may be. */
function overFor({ state, plan }: Moment, id: string): ParkCode | null {
  const item = state.items.get(id)
  if (item === undefined) return null
  if (item.looked?.head === state.head && item.looked.isMet) return 'already-met'
  return exhausted(state, plan, id)
}

/** Items to begin with now, as many as there are jobs left. */
function startable(moment: Moment): readonly string[] {
  const { state, plan, now } = moment
  const holds = holdsNow(moment)
  if (HAPPENINGS.some((one) => !TABLE[one].opens && holds(one))) return []
  const free = Math.min(
    plan.settings.jobs - [...state.attempts.values()].filter((one) => !standsStill(moment, one)).length,
    state.asked === null ? Infinity : state.asked - state.begun,
    spawnsLeft(state, plan, now),
  )
  return readyItems(state, plan)
    .filter((id) => agentsAtStart(moment, id).every((agent) => !isAway(moment, agent)))
    .slice(0, Math.max(0, free))
}

/** What an item asks for may be there already, and nobody has looked at this head. */
function wantsLook({ state, plan }: Moment, id: string): boolean {
  const item = plan.items.get(id)
  return item !== undefined && state.items.get(id)?.looked?.head !== state.head && mayBeMet(item, state.red)
}
