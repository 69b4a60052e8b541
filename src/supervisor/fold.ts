import type { Outcome } from '../agents/agent.ts'
import { sha256 } from '../base/hash.ts'
import { never } from '../base/result.ts'
import type { AttemptFailure, BatchEvent, BatchEventData, FrozenItem, TakenCommit } from './events.ts'
import type { AttemptState, BatchState, ItemState, Stage } from './state.ts'

const DAY_MS = 24 * 3600_000

/** Adds one event. The first one opens the batch; null before it. Events of an attempt that is over change nothing. Pure. */
export function addEvent(state: BatchState | null, event: BatchEvent): BatchState | null {
  if (state === null) return event.type === 'batch-opened' ? opened(event) : null
  const seen = { ...state, seq: event.seq, hash: event.hash, at: event.at }
  return changed(seen, event)
}

function opened({ data, seq, hash, at }: Extract<BatchEvent, { type: 'batch-opened' }>): BatchState {
  return {
    opened: data,
    items: new Map(data.items.map((frozen) => [frozen.id, newItem(frozen)])),
    attempts: new Map(),
    fence: 0,
    head: data.base,
    green: null,
    red: [],
    layers: [],
    halt: null,
    rest: null,
    asked: null,
    until: null,
    begun: 0,
    parkedInARow: 0,
    agentFailures: new Map(),
    spawnedAt: [],
    backedOff: null,
    redHead: null,
    redChecks: 0,
    published: null,
    owner: null,
    taking: null,
    landed: null,
    seq,
    hash,
    at,
  }
}

function newItem(frozen: FrozenItem): ItemState {
  return {
    frozen,
    standing: { kind: 'open' },
    attempts: 0,
    counted: 0,
    spawns: 0,
    stuck: 0,
    conflicts: 0,
    edited: undefined,
    looked: null,
    worktree: null,
    failures: [],
  }
}

function changed(state: BatchState, event: BatchEvent): BatchState {
  switch (event.type) {
    case 'batch-opened':
    case 'late':
    case 'repaired':
      return state
    case 'landed':
      return { ...state, landed: event.data }
    case 'published':
      return { ...state, published: event.data }
    case 'config-amended':
      return configAmended(state, event.data)
    case 'started': {
      const { iterations, until, owner, bootId } = event.data
      const asked = iterations === null ? null : state.begun + iterations
      const anew = { rest: null, halt: null, backedOff: null, redHead: null }
      return {
        ...state,
        ...anew,
        owner: { process: owner, bootId },
        asked,
        until,
        agentFailures: new Map(),
      }
    }
    case 'checked':
      return checked(state, event.data, event.at)
    case 'item-edited': {
      const { item, digest } = event.data
      return changeItem(state, item, (was) => ({ ...was, edited: digest }))
    }
    case 'looked': {
      const { item, head, isMet } = event.data
      return changeItem(state, item, (was) => ({ ...was, looked: { head, isMet } }))
    }
    case 'item-accepted': {
      const { item } = event.data
      const had = state.items.get(item.id)
      return withItem(open(state), item.id, had ? accepted(had, item) : newItem(item))
    }
    case 'item-rejected':
      return changeItem(open(state), event.data.item, (item) => ({
        ...item,
        rejected: event.data.digest,
        standing: waitsForText(item) ? { kind: 'open' } : item.standing,
      }))
    case 'item-parked': {
      const { item, code, why } = event.data
      return parked(state, item, code, why)
    }
    case 'item-dropped':
      return [event.data.item, ...event.data.with].reduce(
        (all, item) => standing(all, item, { kind: 'dropped' }),
        open(state),
      )
    case 'item-retried':
      return changeItem(open(state), event.data.item, fresh)
    case 'taking':
      return { ...state, taking: event.data }
    case 'taken':
      return taken(state, event.data)
    case 'backed-off':
      return backedOff(
        state,
        event.data.until,
        event.data.message ?? event.data.why,
        event.data.why === 'quota',
      )
    case 'halted':
      return { ...state, halt: event.data }
    case 'rested':
      return { ...state, rest: event.data }
    case 'attempt-opened':
      return attemptOpened(state, event.data, event.at)
    case 'worktree-ready':
    case 'turn-begun':
    case 'turn-ended':
    case 'candidate':
    case 'findings':
    case 'conflict':
    case 'judged':
    case 'integrating':
    case 'integrated':
    case 'attempt-ending':
    case 'attempt-ended':
      return ofAttempt(state, event)
    default:
      return never(event, 'event of a batch')
  }
}

function checked(
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
function configAmended(
  state: BatchState,
  { config, gatePath }: BatchEventData['config-amended'],
): BatchState {
  const attempts = [...state.attempts].map(([fence, one]): [number, AttemptState] =>
    one.stage.at === 'released' || one.stage.at === 'doubted'
      ? [fence, { ...one, stage: { at: 'candidate', candidate: one.stage.candidate } }]
      : [fence, one],
  )
  return {
    ...state,
    opened: { ...state.opened, config, gatePath },
    attempts: new Map(attempts),
    green: null,
    rest: null,
  }
}

function attemptOpened(state: BatchState, data: BatchEventData['attempt-opened'], at: number): BatchState {
  const { item, fence, attempt, base, agent } = data
  const one: AttemptState = {
    item,
    fence,
    attempt,
    base,
    agent,
    worktree: '',
    turn: 0,
    stage: { at: 'worktree' },
    openedAt: at,
    at,
    same: { key: '', times: 0 },
    record: null,
    recordHead: null,
    machine: 0,
    checkedHead: null,
    isResumed: false,
  }
  const begun = { ...state, fence, begun: state.begun + 1, attempts: new Map(state.attempts).set(fence, one) }
  return changeItem(begun, item, (was) => ({
    ...was,
    attempts: attempt,
    standing: { kind: 'working', fence },
  }))
}

/** A batch that came to rest does so no more once a person changed something in it, and items parked in a row count anew. */
function open(state: BatchState): BatchState {
  const now = { ...state, parkedInARow: 0 }
  return state.rest?.state === 'completed' ? now : { ...now, rest: null }
}

/** Open again, with fresh limits. */
function fresh(item: ItemState): ItemState {
  return { ...item, standing: { kind: 'open' }, counted: 0, spawns: 0, stuck: 0, conflicts: 0, looked: null }
}

/** Another text. What is done stays so, and what is in work loses its attempt by an event of its own. */
function accepted(had: ItemState, frozen: FrozenItem): ItemState {
  const { rejected: _, ...item } = { ...had, frozen }
  return had.standing.kind === 'done' || had.standing.kind === 'working' ? item : fresh(item)
}

function waitsForText({ standing: now }: ItemState): boolean {
  return now.kind === 'parked' && now.code === 'contract-changed'
}

/** The head holds a commit of the person's. The branch is then where the person set it. */
function taken(state: BatchState, { commit, branch, theirs, layers }: TakenCommit): BatchState {
  return {
    ...open(state),
    taking: null,
    head: commit,
    green: commit,
    red: [],
    redHead: null,
    layers,
    published: branch === null ? state.published : { branch, commit: theirs },
  }
}

function backedOff(state: BatchState, until: number, why: string, isQuota = false): BatchState {
  const before = state.backedOff?.isQuota === isQuota ? state.backedOff.times : 0
  return { ...state, backedOff: { until, why, isQuota, times: before + 1 } }
}

type AttemptEvent = Exclude<
  Extract<BatchEvent, { data: { fence: number } }>,
  { type: 'late' | 'attempt-opened' }
>

function ofAttempt(state: BatchState, event: AttemptEvent): BatchState {
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
    case 'turn-begun': {
      const told = attempt.stage.at === 'ready' ? attempt.stage.told : ({ kind: 'continue' } as const)
      const { turn } = event.data
      const spawned = {
        ...state,
        spawnedAt: [...state.spawnedAt.filter((at) => at > event.at - DAY_MS), event.at],
      }
      const counted = changeItem(spawned, attempt.item, (item) => ({ ...item, spawns: item.spawns + 1 }))
      return move({ at: 'working', since: event.at, told }, { turn }, counted)
    }
    case 'turn-ended':
      return turnEnded(state, attempt, event.data.outcome, move)
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
        agentFailures: new Map<string, number>(),
      }
      if (stage.at !== 'integrating') return state
      const { candidate } = stage
      return standing(move({ at: 'integrated', candidate, commit }, {}, moved), attempt.item, {
        kind: 'done',
        commit,
      })
    }
    case 'attempt-ending':
      return move({ at: 'ending', failure: event.data.failure })
    case 'attempt-ended':
      return attemptEnded(state, attempt, event.data)
    default:
      return never(event, 'event of an attempt')
  }
}

type Move = (stage: Stage, more?: Partial<AttemptState>, all?: BatchState) => BatchState

/** Endings after which a conversation may well go on. */
const RESUMED: ReadonlySet<Outcome['kind']> = new Set(['crashed', 'silent', 'too-long', 'unreadable'])

function turnEnded(state: BatchState, attempt: AttemptState, outcome: Outcome, move: Move): BatchState {
  const { stage } = attempt
  // The agent is not to blame: the same turn is asked for again.
  if ((outcome.kind === 'stopped' || outcome.kind === 'quota') && stage.at === 'working')
    return move({ at: 'ready', told: stage.told }, { turn: attempt.turn - 1 })
  const isSound = outcome.kind === 'finished'
  const failures = new Map(state.agentFailures).set(
    attempt.agent,
    isSound ? 0 : (state.agentFailures.get(attempt.agent) ?? 0) + 1,
  )
  const all = { ...state, agentFailures: failures }
  // Once more, before the attempt is lost.
  if (stage.at === 'working' && !attempt.isResumed && RESUMED.has(outcome.kind))
    return move({ at: 'ready', told: stage.told }, { isResumed: true }, all)
  return move({ at: 'turned', outcome }, { isResumed: false }, all)
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

function again({ same }: AttemptState, key: string): AttemptState['same'] {
  return { key, times: same.key === key ? same.times + 1 : 1 }
}

function attemptEnded(
  state: BatchState,
  { fence, item, attempt, record }: AttemptState,
  { failure, counted }: BatchEventData['attempt-ended'],
): BatchState {
  const attempts = new Map(state.attempts)
  attempts.delete(fence)
  const closed = { ...state, attempts }
  if (failure === null) return closed
  const failed = changeItem(closed, item, (was) => ({
    ...was,
    counted: was.counted + (counted ? 1 : 0),
    stuck: was.stuck + (failure.kind === 'no-progress' ? 1 : 0),
    failures: [...was.failures, { attempt, failure, record }].slice(-10),
  }))
  // A person dropped it meanwhile.
  if (failed.items.get(item)?.standing.kind !== 'working') return failed
  if (failure.kind === 'parked') return parked(failed, item, failure.code, failure.why)
  if (failure.kind === 'dropped') return standing(failed, item, { kind: 'dropped' })
  return standing(failed, item, { kind: 'open' })
}

function parked(state: BatchState, item: string, code: ItemParked['code'], why?: string): BatchState {
  const now = standing(state, item, { kind: 'parked', code, ...(why === undefined ? {} : { why }) })
  return { ...now, parkedInARow: state.parkedInARow + 1 }
}
type ItemParked = Extract<ItemState['standing'], { kind: 'parked' }>

function standing(state: BatchState, item: string, now: ItemState['standing']): BatchState {
  return changeItem(state, item, (was) => ({ ...was, standing: now }))
}

function changeItem(state: BatchState, id: string, change: (was: ItemState) => ItemState): BatchState {
  const was = state.items.get(id)
  return was === undefined ? state : withItem(state, id, change(was))
}

function withItem(state: BatchState, id: string, item: ItemState): BatchState {
  return { ...state, items: new Map(state.items).set(id, item) }
}

/** Whether this ending counts against the limit of attempts: what the agent is not to blame for does not. */
export function counts(failure: AttemptFailure): boolean {
  switch (failure.kind) {
    case 'turns':
    case 'no-progress':
    case 'conflict':
    case 'halted':
      return true
    case 'agent':
      return failure.outcome.kind !== 'could-not-start' && failure.outcome.kind !== 'quota'
    case 'interrupted':
    case 'worktree-gone':
    case 'contract-changed':
    case 'dropped':
    case 'parked':
      return false
    default:
      return never(failure, 'failure of an attempt')
  }
}
