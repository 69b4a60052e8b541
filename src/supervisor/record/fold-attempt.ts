import { sha256 } from '../../base/hash.ts'
import { never } from '../../base/result.ts'
import type { BatchEvent, BatchEventData } from './events.ts'
import { agentProved } from './fold-agents.ts'
import { goalEnded, isGoal } from './fold-goal.ts'
import { changeItem, fenceOf, parked, standing } from './fold-items.ts'
import { kept } from './fold-kept.ts'
import { fresh } from './fold-person.ts'
import { proposed } from './fold-proposal.ts'
import { planReviewed, planSettled, planned } from './fold-planning.ts'
import { reviewSettled, reviewed, spawned } from './fold-review.ts'
import { spending } from './fold-spent.ts'
import { type Move, agentChanged, turnEnded } from './fold-turn.ts'
import { newPlanning } from './planning.ts'
import type { AttemptState, BatchState, Said, Stage } from './state.ts'

export function attemptOpened(
  state: BatchState,
  data: BatchEventData['attempt-opened'],
  at: number,
): BatchState {
  const { item, fence, attempt, base, digest, agent, effort = null, candidate } = data
  const one: AttemptState = {
    item,
    fence,
    attempt,
    base,
    digest,
    agent,
    effort,
    worktree: '',
    turn: 0,
    conversation: null,
    spent: 0,
    stage: candidate === undefined ? { at: 'worktree' } : { at: 'candidate', candidate },
    openedAt: at,
    at,
    same: { key: '', times: 0 },
    record: null,
    recordHead: null,
    machine: 0,
    checkedHead: null,
    isResumed: false,
    contexts: 0,
    claim: null,
    reviews: new Map(),
    rounds: 0,
    refusedTree: null,
    planning: newPlanning,
  }
  const begun = { ...state, fence, begun: state.begun + 1, attempts: new Map(state.attempts).set(fence, one) }
  return changeItem(begun, item, (had) => {
    const { kept: _, ...was } = had
    return { ...was, attempts: attempt, standing: { kind: 'working', fence } }
  })
}

type AttemptEvent = Exclude<
  Extract<BatchEvent, { data: { fence: number } }>,
  { type: 'late' | 'attempt-opened' }
>

export function ofAttempt(before: BatchState, event: AttemptEvent): BatchState {
  const state = spending(before, event)
  const attempt = state.attempts.get(event.data.fence)
  if (attempt === undefined) return state
  // A person ended it while something was at work on it: what came of that is rescued, and goes nowhere else.
  if (attempt.stage.at === 'ending' && event.type !== 'attempt-ended') return state
  const move = (stage: Stage, more: Partial<AttemptState> = {}, all: BatchState = state): BatchState => ({
    ...all,
    attempts: new Map(all.attempts).set(attempt.fence, { ...attempt, ...more, stage, at: event.at }),
  })
  switch (event.type) {
    case 'worktree-ready':
      return move(
        { at: 'ready', told: { kind: 'item' } },
        { worktree: event.data.worktree },
        changeItem(state, attempt.item, (item) => ({ ...item, worktree: event.data.worktree })),
      )
    case 'plan-begun':
    case 'plan-review-begun':
      return move(attempt.stage, {}, spawned(state, attempt.item, event.at))
    case 'planned':
      return planned(state, attempt, event.data, move)
    case 'plan-reviewed':
      return planReviewed(state, attempt, event.data, move)
    case 'plan-settled':
      return planSettled(state, attempt, event.data, move)
    case 'turn-begun': {
      const told = attempt.stage.at === 'ready' ? attempt.stage.told : ({ kind: 'continue' } as const)
      const { turn } = event.data
      const all = spawned(state, attempt.item, event.at)
      const planning = { ...attempt.planning, over: true }
      return move({ at: 'working', since: event.at, told }, { turn, planning }, all)
    }
    case 'conversation':
      return move(attempt.stage, { conversation: event.data.conversation, spent: 0 })
    case 'turn-ended': {
      const { tokens = 0, claim = null } = event.data
      const spent = attempt.spent + tokens
      return turnEnded(state, { ...attempt, spent }, event.data, (stage, more, all) =>
        move(stage, { spent, ...more, claim }, all),
      )
    }
    case 'agent-changed':
      return agentChanged(state, attempt, event.data, move)
    case 'candidate': {
      const { commit, tree } = event.data
      return move({ at: 'candidate', candidate: { commit, tree } })
    }
    case 'findings': {
      const { findings, tree } = event.data
      const key = sha256(`findings ${tree ?? ''} ${JSON.stringify(findings)}`)
      return move({ at: 'ready', told: { kind: 'findings', findings } }, { same: again(attempt, key) })
    }
    case 'conflict': {
      const { head, paths } = event.data
      const key = sha256(`conflict ${head} ${paths.join('\0')}`)
      const counted = changeItem(state, attempt.item, (item) => ({ ...item, conflicts: item.conflicts + 1 }))
      return move({ at: 'ready', told: { kind: 'conflict', paths } }, { same: again(attempt, key) }, counted)
    }
    case 'judged':
      return judged(attempt, event.data, move)
    case 'review-begun':
      return move(attempt.stage, {}, spawned(state, attempt.item, event.at))
    case 'reviewed':
      return reviewed(state, attempt, event.data, move)
    case 'review-settled':
      return reviewSettled(state, attempt, event.data, move)
    case 'integrating': {
      const { commit, from } = event.data
      const { stage } = attempt
      return stage.at === 'released' || stage.at === 'integrating'
        ? move({
            at: 'integrating',
            candidate: stage.candidate,
            commit,
            from,
            ...(stage.at === 'released'
              ? { layers: stage.verdict.layers, without: stage.verdict.without }
              : { layers: stage.layers, without: stage.without }),
          })
        : state
    }
    case 'integrated': {
      const { commit } = event.data
      const { stage } = attempt
      const moved = {
        ...state,
        layers: stage.at === 'integrating' ? stage.layers : state.layers,
        head: commit,
        red: stage.at === 'integrating' ? stage.without : state.red,
        parkedInARow: 0,
        backedOff: null,
      }
      if (stage.at !== 'integrating') return state
      const { candidate } = stage
      // Whoever planned it or passed it was right, too.
      const proved = [attempt.agent, ...helpersOf(attempt)].reduce(agentProved, moved)
      const now = move({ at: 'integrated', candidate, commit }, {}, proved)
      // There may be more to do for a goal: what its worker said decides at the end of the attempt.
      return isGoal(state, attempt.item) ? now : standing(now, attempt.item, { kind: 'done', commit })
    }
    case 'attempt-ending':
      return move(
        { at: 'ending', failure: event.data.failure, ...toldLast(attempt, event.data.failure) },
        {},
        kept(proposed(state, attempt, event.data.failure), attempt, event.data.failure),
      )
    case 'attempt-ended':
      return attemptEnded(state, attempt, event.data, event.at)
    default:
      return never(event, 'event of an attempt')
  }
}

function judged(attempt: AttemptState, data: BatchEventData['judged'], move: Move): BatchState {
  const { stage } = attempt
  if (stage.at !== 'candidate' && stage.at !== 'released') return move(stage)
  const { record, ledgerHead: recordHead } = data
  if (data.machine)
    return move({ at: 'candidate', candidate: stage.candidate }, { recordHead, machine: attempt.machine + 1 })
  const key = sha256(`${stage.candidate.tree} ${data.signature}`)
  const more = { record, recordHead, machine: 0, same: again(attempt, key) }
  const { candidate } = stage
  // What parks it follows as an event of its own; until then nothing has come of this.
  if (data.verdict === 'park') return move({ at: 'candidate', candidate }, more)
  if (data.verdict === 'release') return move({ at: 'released', candidate, verdict: data }, more)
  const told = { kind: 'verdict', record, alone: stage.at === 'released' } as const
  return data.red.length > 0 && attempt.checkedHead !== data.head
    ? move({ at: 'doubted', candidate, told }, more)
    : move({ at: 'ready', told }, more)
}

/** Agents besides the worker that had a part in it. */
function helpersOf({ planning: { given, reviews: critics }, reviews }: AttemptState): readonly string[] {
  return [...new Set([...(given === null ? [] : [given.agent]), ...critics.keys(), ...reviews.keys()])]
}

/** Of refused plans no worker was told anything; the next attempt is. */
function toldLast(
  { planning, stage }: AttemptState,
  { kind }: BatchEventData['attempt-ending']['failure'],
): { readonly told?: Said } {
  return kind === 'plan' && planning.last !== null
    ? { told: { kind: 'plan-review', findings: planning.last.findings } }
    : toldIn(stage)
}

function toldIn(stage: Stage): { readonly told?: Said } {
  if (!('told' in stage) || stage.told === undefined) return {}
  return { told: stage.told.kind === 'facts' ? stage.told.last : stage.told }
}

function again({ same }: AttemptState, key: string): AttemptState['same'] {
  return { key, times: same.key === key ? same.times + 1 : 1 }
}

function attemptEnded(
  state: BatchState,
  ended: AttemptState,
  { failure, counted }: BatchEventData['attempt-ended'],
  at: number,
): BatchState {
  const { fence, item, attempt, digest, record, stage } = ended
  const attempts = new Map(state.attempts)
  attempts.delete(fence)
  const { state: closed, isSettled } = goalEnded({ ...state, attempts }, ended, failure, at)
  // A person gave it another text while the work was on its way into the head: that text is to be worked on.
  const isOther = digest !== state.items.get(item)?.frozen.digest
  if (failure === null && isOther && closed.items.get(item)?.standing.kind === 'done')
    return changeItem(closed, item, fresh)
  if (failure === null || isSettled) return closed
  const failed = changeItem(closed, item, (was) => ({
    ...was,
    counted: was.counted + (counted ? 1 : 0),
    stuck: was.stuck + (failure.kind === 'no-progress' ? 1 : 0),
    failures: [...was.failures, { attempt, failure, record, ...toldIn(stage) }].slice(-10),
  }))
  // A person dropped it meanwhile.
  if (fenceOf(failed.items.get(item)?.standing) !== fence) return failed
  if (failure.kind === 'parked') return parked(failed, item, failure.code, failure.why)
  if (failure.kind === 'dropped') return standing(failed, item, { kind: 'dropped' })
  return standing(failed, item, { kind: 'open' })
}
