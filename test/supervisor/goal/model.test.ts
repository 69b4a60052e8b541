import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Outcome } from '../../../src/agents/agent.ts'
import { sha256 } from '../../../src/base/hash.ts'
import { never } from '../../../src/base/result.ts'
import { supervisorOf } from '../../../src/contract/supervisor/settings.ts'
import type { Plan } from '../../../src/supervisor/decide/holds.ts'
import type { Action } from '../../../src/supervisor/decide/action.ts'
import { next } from '../../../src/supervisor/decide/next.ts'
import { unchanged } from '../../../src/supervisor/effects/unchanged.ts'
import { goalDigest, goalItem } from '../../../src/supervisor/goal/plan-item.ts'
import { counts } from '../../../src/supervisor/record/counts.ts'
import type { FrozenItem, GoalAnswer, NewBatchEvent } from '../../../src/supervisor/record/events.ts'
import { addEvent } from '../../../src/supervisor/record/fold.ts'
import type { GoalState } from '../../../src/supervisor/record/goal-state.ts'
import type { AttemptState, BatchState } from '../../../src/supervisor/record/state.ts'
import { config } from '../../backlog/rig.ts'
import { sameFromCheckpoint } from '../look/from-checkpoint.ts'
import { holds } from '../../rig/long.ts'
import { openedWith } from '../opened.ts'

/*
 * A goal without processes: `next` and the fold are the real ones, and what agents, gates and machines come to is drawn at random,
 * with crashes in between.
 */

const { limits, ...asked } = supervisorOf(config)
/** An agent that fails is set aside late, so that other limits are met too. */
const settings = { ...asked, limits: { ...limits, agentFailures: 8 } }
const goal = { scope: ['src/**'], rules: null }
const [file, text] = ['plan.md', '# Plan\n']
const frozen: FrozenItem = { id: 'goal', file, text, digest: goalDigest(file, text, goal), goal }
const read = goalItem(frozen, config)
if (!read.ok) throw new Error('the plan cannot be read')
const plan: Plan = {
  items: new Map([['goal', read.value]]),
  settings,
  unapproved: new Map(),
  held: null,
}

interface World {
  state: BatchState
  now: number
  seq: number
}
type Draw = (below: number) => number

function append(world: World, event: NewBatchEvent): void {
  world.seq += 1
  const record = { seq: world.seq, at: world.now, prev: '', hash: sha256(String(world.seq)), ...event }
  const after = addEvent(world.seq === 1 ? null : world.state, record)
  if (world.seq > 1) sameFromCheckpoint(world.state, record, after)
  if (after === null) throw new Error('no batch')
  world.state = after
}

function opened(): World {
  const world = { now: 1_000_000, seq: 0 } as World
  append(world, { type: 'batch-opened', data: { ...openedWith([]), items: [frozen] } })
  return world
}

const itemOf = ({ state }: World) => state.items.get('goal')!
const goalOf = (world: World): GoalState => itemOf(world).goal!

const answer = (more: Partial<GoalAnswer>): GoalAnswer => ({
  summary: '',
  nextGoal: '',
  stop: false,
  reason: '',
  evidence: '',
  completed: false,
  ...more,
})

const FAILURES: readonly Outcome[] = [
  { kind: 'crashed', code: 1, signal: null },
  { kind: 'unreadable', why: '' },
  { kind: 'silent' },
]

/** `progress`: whether a head may still move. */
function endsOf(
  world: World,
  action: Action,
  one: AttemptState,
  draw: Draw,
  progress: boolean,
): NewBatchEvent[] {
  const { item, fence, stage } = one
  const { head } = world.state
  switch (action.kind) {
    case 'worktree':
      return [{ type: 'worktree-ready', data: { item, fence, worktree: item } }]
    case 'turn': {
      const begun: NewBatchEvent = { type: 'turn-begun', data: { item, fence, turn: one.turn + 1 } }
      // It was killed in the middle.
      if (draw(8) === 0) return [begun]
      if (draw(6) === 0)
        return [begun, { type: 'turn-ended', data: { item, fence, outcome: FAILURES[draw(3)]! } }]
      const claim = answer({
        nextGoal: ['', 'a', 'b', 'c'][draw(4)]!,
        stop: draw(12) === 0,
        completed: draw(12) === 0,
      })
      const outcome: Outcome = { kind: 'finished', answer: { status: 'complete', summary: '' } }
      return [begun, { type: 'turn-ended', data: { item, fence, outcome, claim } }]
    }
    case 'candidate':
      return draw(3) === 0
        ? [unchanged({ settings, context: { clock: () => world.now } as never }, one, goalOf(world))]
        : [
            {
              type: 'candidate',
              data: { item, fence, commit: `c${world.seq}`, tree: `t${draw(3)}`, changed: 1 },
            },
          ]
    case 'judge': {
      const passes = progress && draw(2) === 0
      return [
        {
          type: 'judged',
          data: {
            item,
            fence,
            record: 'r',
            ledgerHead: '',
            head,
            tree: 'j',
            layers: [],
            verdict: passes ? 'release' : 'block',
            signature: sha256(String(draw(3))),
            blockers: passes ? [] : ['command'],
            red: [],
            without: [],
          },
        },
      ]
    }
    case 'integrate': {
      if (stage.at !== 'released') return []
      const moves = { item, fence, commit: `h${world.seq}`, from: head }
      return [
        { type: 'integrating', data: moves },
        { type: 'integrated', data: moves },
      ]
    }
    case 'fail':
      return [{ type: 'attempt-ending', data: { item, fence, failure: action.failure } }]
    case 'finish':
    case 'wind-up': {
      const failure = stage.at === 'ending' ? stage.failure : null
      const counted = failure !== null && counts(failure)
      return [
        { type: 'attempt-ended', data: { item, fence, failure, counted, rescue: null, setAside: null } },
      ]
    }
    case 'check-head':
    case 'hand-over':
    case 'plan':
    case 'review-plan':
    case 'settle-plan':
    case 'review':
    case 'settle-review':
    case 'look':
    case 'open':
    case 'park':
    case 'rest':
    case 'retake':
      throw new Error(`no end of ${action.kind}`)
    default:
      return never(action, 'action')
  }
}

/** Plays until it rests; the head moves in the first `moving` rounds only. Gives the most starts of agents without a move of it. */
function play(seed: readonly number[], moving: number): { readonly world: World; readonly most: number } {
  const world = opened()
  let at = 0
  const draw: Draw = (below) => (seed[at++ % seed.length] ?? 0) % below
  let [most, since, head] = [0, 0, world.state.head]
  for (let round = 0; round < 3000; round += 1) {
    const inFlight = { fences: new Set<number>(), lane: false, choosing: false }
    const { actions, wakeAt } = next(world.state, plan, inFlight, 'run', world.now)
    const [action] = actions
    if (action === undefined) {
      expect(wakeAt).toBeGreaterThan(world.now)
      world.now = wakeAt!
      continue
    }
    if (action.kind === 'rest') {
      append(world, { type: 'rested', data: action.rest })
      return { world, most }
    }
    world.now += 1
    const one = 'fence' in action ? world.state.attempts.get(action.fence) : undefined
    if (action.kind === 'open') {
      const { same, idle, iterations } = goalOf(world)
      const failure = iterations.at(-1)?.failure
      if (failure?.kind === 'no-change') expect(world.now).toBeGreaterThan(failure.until)
      expect(same.times).toBeLessThan(4)
      expect(idle).toBeLessThan(settings.limits.noProgress)
      const { fence } = world.state
      append(world, {
        type: 'attempt-opened',
        data: {
          item: 'goal',
          fence: fence + 1,
          attempt: itemOf(world).attempts + 1,
          base: world.state.head,
          digest: frozen.digest,
          agent: settings.roles.work[0] ?? '',
        },
      })
    } else if (action.kind === 'park')
      append(world, { type: 'item-parked', data: { item: 'goal', code: action.code } })
    else if (action.kind === 'check-head')
      append(world, {
        type: 'checked',
        data: { what: 'head', commit: world.state.head, red: [], couldNotRun: [], record: '', layers: [] },
      })
    else if (one !== undefined) {
      for (const event of endsOf(world, action, one, draw, round < moving)) append(world, event)
      since += action.kind === 'turn' ? 1 : 0
    }
    if (world.state.head !== head) [since, head] = [0, world.state.head]
    most = Math.max(most, since)
  }
  throw new Error('it never rests')
}

test('whatever agents and gates do, a goal comes to rest, and without progress after a bounded number of starts', () => {
  const rests = new Set<string>()
  holds(
    { short: 400 },
    fc.property(fc.array(fc.nat(1000), { minLength: 40, maxLength: 300 }), fc.nat(400), (seed, moving) => {
      const { world, most } = play(seed, moving)
      expect(most).toBeLessThanOrEqual(settings.limits.spawns)
      const { standing } = itemOf(world)
      const { iterations } = goalOf(world)
      const last = iterations.at(-1)
      rests.add(standing.kind === 'parked' ? standing.code : standing.kind)
      // It is done only where its agent said so, at the head that was proved.
      if (standing.kind === 'done') {
        expect(last?.claimed?.completed).toBe(true)
        expect(standing.commit).toBe(world.state.head)
        expect(world.state.rest).toEqual({ state: 'completed' })
      } else expect(world.state.rest?.state).not.toBe('completed')
      // Every iteration that is over is told, whatever became of it.
      expect(iterations.map((one) => one.attempt)).toEqual(iterations.map((_, nth) => nth + 1))
      expect(iterations).toHaveLength(itemOf(world).attempts - world.state.attempts.size)
    }),
  )
  expect([...rests]).toEqual(
    expect.arrayContaining(['done', 'no-progress', 'spawns', 'stagnation', 'stopped-by-agent', 'working']),
  )
})

test('pauses after iterations without a change double up to their most', () => {
  const pause = (idle: number): number => {
    const event = unchanged(
      {
        settings: { ...settings, backoff: { baseSeconds: 10, maxSeconds: 60 } },
        context: { clock: () => 0 } as never,
      },
      { item: 'goal', fence: 1 } as AttemptState,
      { idle } as GoalState,
    )
    return event.type === 'attempt-ending' && event.data.failure.kind === 'no-change'
      ? event.data.failure.until
      : -1
  }
  expect([0, 1, 2, 3, 9].map(pause)).toEqual([10_000, 20_000, 40_000, 60_000, 60_000])
})

test('what failed before the head moved counts no more, and what failed since does, over a restart and until a person says retry', () => {
  const world = opened()
  const ended = (moves: boolean, nextGoal: string): void => {
    const of = { item: 'goal', fence: world.state.fence + 1 }
    const { attempts } = itemOf(world)
    const { head } = world.state
    const failure = moves ? null : ({ kind: 'turns' } as const)
    const outcome: Outcome = { kind: 'finished', answer: { status: 'complete', summary: '' } }
    const verdict = {
      record: 'r',
      ledgerHead: '',
      head,
      tree: 'j',
      layers: [],
      verdict: 'release' as const,
      signature: sha256(''),
      blockers: [],
      red: [],
      without: [],
    }
    const events: readonly NewBatchEvent[] = [
      {
        type: 'attempt-opened',
        data: { ...of, attempt: attempts + 1, base: head, digest: frozen.digest, agent: 'mine' },
      },
      { type: 'worktree-ready', data: { ...of, worktree: 'goal' } },
      { type: 'turn-begun', data: { ...of, turn: 1 } },
      { type: 'turn-ended', data: { ...of, outcome, claim: answer({ nextGoal }) } },
      { type: 'candidate', data: { ...of, commit: `c${attempts}`, tree: 't', changed: 1 } },
      { type: 'judged', data: { ...of, ...verdict } },
      ...(failure === null
        ? ([
            { type: 'integrating', data: { ...of, commit: `h${attempts}`, from: head } },
            { type: 'integrated', data: { ...of, commit: `h${attempts}`, from: head } },
          ] as const)
        : ([{ type: 'attempt-ending', data: { ...of, failure } }] as const)),
      { type: 'attempt-ended', data: { ...of, failure, counted: !moves, rescue: null, setAside: null } },
    ]
    for (const event of events) append(world, event)
  }
  for (let nth = 0; nth < 8; nth += 1) {
    ended(false, 'refuted')
    expect(itemOf(world)).toMatchObject({ counted: 1, spawns: 1, standing: { kind: 'open' } })
    // What failed sets no goal.
    expect(goalOf(world).present).toBe(nth === 0 ? '' : `g${nth - 1}`)
    ended(true, `g${nth}`)
    expect(itemOf(world)).toMatchObject({ counted: 0, spawns: 0, failures: [], standing: { kind: 'open' } })
    expect(goalOf(world).present).toBe(`g${nth}`)
  }
  for (let nth = 0; nth < settings.limits.attempts; nth += 1) {
    ended(false, '')
    append(world, { type: 'rested', data: { state: 'active', code: 'until' } })
    append(world, {
      type: 'started',
      data: { owner: { pid: 1, start: '1' }, bootId: '', version: '0', iterations: null, until: null },
    })
  }
  const first = () =>
    next(world.state, plan, { fences: new Set(), lane: false, choosing: false }, 'run', world.now)
  expect(first().actions).toEqual([{ kind: 'park', item: 'goal', code: 'attempts' }])
  append(world, { type: 'item-parked', data: { item: 'goal', code: 'attempts' } })
  append(world, { type: 'item-retried', data: { item: 'goal' } })
  expect(first().actions).toEqual([{ kind: 'open', item: 'goal' }])
  expect(goalOf(world)).toMatchObject({ present: 'g7', idle: 0 })
  expect(goalOf(world).iterations).toHaveLength(16 + settings.limits.attempts)
  // Whoever gives the goal up has what was proved of it.
  append(world, { type: 'item-dropped', data: { item: 'goal', with: [] } })
  expect(first().actions).toEqual([{ kind: 'check-head' }])
  append(world, {
    type: 'checked',
    data: { what: 'head', commit: world.state.head, red: [], couldNotRun: [], record: '', layers: [] },
  })
  expect(first().actions).toEqual([{ kind: 'rest', rest: { state: 'completed' } }])
  const nothing = opened()
  append(nothing, { type: 'item-dropped', data: { item: 'goal', with: [] } })
  const { actions } = next(nothing.state, plan, { fences: new Set(), lane: false, choosing: false }, 'run', 0)
  expect(actions).toEqual([{ kind: 'rest', rest: { state: 'parked', code: 'items' } }])
})
