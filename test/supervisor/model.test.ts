import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Outcome } from '../../src/agents/agent.ts'
import { sha256 } from '../../src/base/hash.ts'
import { supervisorOf } from '../../src/contract/supervisor/settings.ts'
import type { NewBatchEvent, TreeVerdict } from '../../src/supervisor/record/events.ts'
import { counts } from '../../src/supervisor/record/counts.ts'
import { addEvent } from '../../src/supervisor/record/fold.ts'
import { agentNow, unrecorded } from '../../src/supervisor/decide/agents.ts'
import type { Mode, Plan } from '../../src/supervisor/decide/holds.ts'
import { quotaUntil, serviceUntil } from '../../src/supervisor/decide/suspend.ts'
import { batchLeft, isUsedUp, itemLeft } from '../../src/supervisor/decide/budget.ts'
import type { Action } from '../../src/supervisor/decide/action.ts'
import { next, usesLane } from '../../src/supervisor/decide/next.ts'
import { added, isSpending, spentInAll } from '../../src/supervisor/record/fold-spent.ts'
import { planDigest } from '../../src/supervisor/record/planning.ts'
import type { Review } from '../../src/supervisor/record/review.ts'
import type { AttemptState, BatchState, Spent } from '../../src/supervisor/record/state.ts'
import { config, itemOf, markdown } from '../backlog/rig.ts'
import { sameFromCheckpoint } from './look/from-checkpoint.ts'
import { openedWith } from './opened.ts'
import { holds } from '../rig/long.ts'

/*
 * A batch without processes: `next` and the fold are the real ones, and whatever an effect could come to is drawn at random, with
 * crashes in between. What holds here holds whatever agents, gates and machines do.
 */

interface World {
  state: BatchState
  now: number
  seq: number
  /** Actions that were begun; their ends come in any order. */
  running: Action[]
  turns: number
  /** Files of the home. */
  suspended: Map<string, { until: number; why: 'quota' | 'overloaded' | 'network'; probes: number }>
  /** Turns by item, ever. */
  spawns: Map<string, number>
  /** What events say was spent. */
  ended: Spent[]
  /** No turn ends well. */
  onlyFails: boolean
}

const settings = supervisorOf(config)

function planOf(jobs: number): Plan {
  const items = [
    itemOf('001-a.md', markdown('scope: [src/a/**]')),
    itemOf('002-b.md', markdown('scope: [src/b/**]\nafter: [001]')),
    itemOf('003-c.md', markdown('scope: [src/c/**]\nexclusive: [db]')),
    itemOf(
      '004-d.md',
      markdown(
        'scope: [src/d/**]\nexclusive: [db]\npriority: 1',
        '# D\n## T1: There\n- pathExists: src/d/x\n',
      ),
    ),
  ]
  return {
    items: new Map(items.map((one) => [one.id, one])),
    settings: { ...settings, jobs },
    unapproved: new Map(),
    held: null,
  }
}

function begun(plan: Plan): World {
  const world = {
    now: 1_000_000,
    seq: 0,
    running: [],
    turns: 0,
    suspended: new Map(),
    spawns: new Map(),
    ended: [],
  } as unknown as World
  append(world, {
    type: 'batch-opened',
    data: openedWith(plan.items.values()),
  })
  start(world)
  return world
}

function start(world: World): void {
  append(world, {
    type: 'started',
    data: { owner: { pid: 1, start: '1' }, bootId: '', version: '0', iterations: null, until: null },
  })
}

function append(world: World, event: NewBatchEvent): void {
  world.seq += 1
  const record = { seq: world.seq, at: world.now, prev: '', hash: sha256(String(world.seq)), ...event }
  const after = addEvent(world.seq === 1 ? null : world.state, record)
  if (world.seq > 1) sameFromCheckpoint(world.state, record, after)
  if (after === null) throw new Error('no batch')
  if (world.seq > 1) onlyUp(world.state, after, event)
  world.state = after
  if (isSpending(event)) {
    const { ms = 0 } = event.data
    world.ended.push({ tokens: event.type === 'judged' ? 0 : (event.data.tokens ?? 0), ms })
  }
}

const COUNTERS = ['counted', 'spawns', 'stuck', 'conflicts'] as const

/** What counts towards a limit goes down only where something came into the head; nobody is asked here. */
function onlyUp(before: BatchState, after: BatchState, { type }: NewBatchEvent): void {
  const fell = [...before.items].some(([id, was]) => {
    const now = after.items.get(id)!
    return now.spentBefore !== was.spentBefore || COUNTERS.some((one) => now[one] < was[one])
  })
  const forgot = [...before.agents].some(
    ([name, was]) => (after.agents.get(name)?.failures ?? 0) < was.failures,
  )
  if (fell || (type !== 'integrated' && (forgot || after.parkedInARow < before.parkedInARow)))
    throw new Error(`a counter fell with ${type}`)
}

type Draw = (below: number) => number

/** What an action comes to. */
function ends(world: World, plan: Plan, action: Action, draw: Draw): NewBatchEvent[] {
  const attempt = 'fence' in action ? world.state.attempts.get(action.fence) : undefined
  switch (action.kind) {
    case 'open': {
      const item = world.state.items.get(action.item)!
      return [
        {
          type: 'attempt-opened',
          data: {
            item: action.item,
            fence: world.state.fence + 1,
            attempt: item.attempts + 1,
            base: world.state.head,
            digest: item.frozen.digest,
            agent: agentNow({ state: world.state, plan, now: world.now }, action.item),
          },
        },
      ]
    }
    case 'park':
      return [{ type: 'item-parked', data: { item: action.item, code: action.code } }]
    case 'look':
      return [
        {
          type: 'looked',
          data: { item: action.item, head: world.state.head, isMet: draw(6) === 0 },
        },
      ]
    case 'check-head':
      return [
        {
          type: 'checked',
          data: {
            what: 'head',
            commit: world.state.head,
            red: draw(5) === 0 ? ['test'] : [],
            couldNotRun: [],
            record: '',
            layers: [],
          },
        },
      ]
    case 'rest':
      return []
    case 'hand-over':
      return attempt === undefined
        ? []
        : [
            {
              type: 'agent-changed',
              data: { item: attempt.item, fence: action.fence, agent: action.agent },
            },
          ]
    case 'fail':
    case 'retake':
    case 'worktree':
    case 'turn':
    case 'candidate':
    case 'judge':
    case 'plan':
    case 'review-plan':
    case 'settle-plan':
    case 'review':
    case 'settle-review':
    case 'integrate':
    case 'finish':
    case 'wind-up':
      return attempt === undefined ? [] : endsOf(world, plan, action, attempt, draw)
    default:
      return action satisfies never
  }
}

function endsOf(
  world: World,
  plan: Plan,
  action: Action,
  attempt: AttemptState,
  draw: Draw,
): NewBatchEvent[] {
  const { item, fence, stage } = attempt
  const machine: NewBatchEvent = {
    type: 'backed-off',
    data: { until: world.now + 1000, why: 'lock-io', fence: null },
  }
  const asks = ['plan', 'review-plan', 'settle-plan', 'review', 'settle-review']
  if (draw(12) === 0 && !['fail', 'turn', 'retake', ...asks].includes(action.kind)) return [machine]
  switch (action.kind) {
    case 'worktree':
      return [{ type: 'worktree-ready', data: { item, fence, worktree: item } }]
    case 'turn':
      return turnEnds(world, attempt, draw)
    case 'candidate':
      return draw(3) === 0
        ? [
            {
              type: 'findings',
              data: { item, fence, findings: [{ kind: 'no-change', path: '.' }], tree: `t${draw(2)}` },
            },
          ]
        : [
            {
              type: 'candidate',
              data: { item, fence, commit: `c${world.seq}`, tree: `t${draw(4)}`, changed: 1 },
            },
          ]
    case 'judge': {
      if (draw(5) === 0)
        return [{ type: 'conflict', data: { item, fence, head: world.state.head, paths: ['a'] } }]
      return [{ type: 'judged', data: { item, fence, ...verdictOf(world, draw) } }]
    }
    case 'plan':
      return planEnds(world, attempt, action.agents, draw)
    case 'review-plan':
      return action.agents.flatMap((agent) => criticEnds(world, attempt, agent, draw))
    case 'settle-plan':
      return [{ type: 'plan-settled', data: { item, fence, plan: action.plan } }]
    case 'review':
      return stage.at === 'released'
        ? action.agents.flatMap((agent) => reviewEnds(world, attempt, agent, stage.candidate.tree, draw))
        : []
    case 'settle-review':
      return [{ type: 'review-settled', data: { item, fence, tree: action.tree } }]
    case 'integrate': {
      if (stage.at !== 'integrating' && stage.at !== 'released') return []
      for (const name of plan.settings.roles.review)
        expect(attempt.reviews.get(name)).toMatchObject({ tree: stage.candidate.tree, verdict: 'pass' })
      if (stage.at === 'integrating')
        return [{ type: 'integrated', data: { item, fence, commit: stage.commit, from: stage.from } }]
      const commit = `h${world.seq}`
      const moves = { item, fence, commit, from: stage.verdict.head }
      return [
        { type: 'integrating', data: moves },
        { type: 'integrated', data: moves },
      ]
    }
    case 'retake':
      return [{ type: 'turn-ended', data: { item, fence, outcome: { kind: 'stopped' } } }]
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
    case 'open':
    case 'park':
    case 'check-head':
    case 'look':
    case 'hand-over':
    case 'rest':
      return []
    default:
      return action satisfies never
  }
}

/** As effects/planning.ts does it. */
function planEnds(
  world: World,
  { item, fence }: AttemptState,
  agents: readonly string[],
  draw: Draw,
): NewBatchEvent[] {
  const agent = agents[0]!
  const of = { item, fence, agent }
  const well = { kind: 'finished' as const, answer: { plan: `plan ${draw(3)}` } }
  const failed = failureOf(draw)
  const fails = (world.onlyFails || draw(4) === 0) && failed.kind !== 'finished'
  const outcome = fails ? failed : well
  const touched = draw(12) === 0 ? { touched: ['src/a'] } : {}
  const ended: NewBatchEvent = {
    type: 'planned',
    data: { ...of, outcome, ...touched, tokens: draw(100), ms: draw(60_000) },
  }
  return [{ type: 'plan-begun', data: of }, ...afterwards(world, fence, agent, outcome, ended, draw)]
}

function criticEnds(
  world: World,
  { item, fence, planning }: AttemptState,
  agent: string,
  draw: Draw,
): NewBatchEvent[] {
  const of = { item, fence, agent, plan: planning.given?.digest ?? planDigest('') }
  const verdict = (['pass', 'pass', 'pass', 'fail', 'fail', 'blocked'] as const)[draw(6)]!
  const well = { kind: 'finished' as const, answer: { verdict, findings: [] } }
  const failed = failureOf(draw)
  const outcome = draw(4) === 0 && failed.kind !== 'finished' ? failed : well
  const ended: NewBatchEvent = {
    type: 'plan-reviewed',
    data: { ...of, outcome, tokens: draw(100), ms: draw(60_000) },
  }
  return [{ type: 'plan-review-begun', data: of }, ...afterwards(world, fence, agent, outcome, ended, draw)]
}

/** As effects/review.ts does it. */
function reviewEnds(
  world: World,
  { item, fence }: AttemptState,
  agent: string,
  tree: string,
  draw: Draw,
): NewBatchEvent[] {
  const of = { item, fence, agent, tree }
  const verdict = (['pass', 'pass', 'pass', 'fail', 'fail', 'blocked'] as const)[draw(6)]!
  const well: Outcome<Omit<Review, 'tree'>> = { kind: 'finished', answer: { verdict, findings: [] } }
  const failed = failureOf(draw)
  const outcome = world.onlyFails || draw(4) === 0 ? (failed.kind === 'finished' ? well : failed) : well
  const ended: NewBatchEvent = {
    type: 'reviewed',
    data: { ...of, outcome, tokens: draw(100), ms: draw(60_000) },
  }
  return [{ type: 'review-begun', data: of }, ...afterwards(world, fence, agent, outcome, ended, draw)]
}

/** As effects/after-turn.ts does it. */
function turnEnds(world: World, { item, fence, agent }: AttemptState, draw: Draw): NewBatchEvent[] {
  const outcome = world.onlyFails ? failureOf(draw) : outcomeOf(draw)
  const spent = { tokens: draw(100), ms: draw(60_000) }
  const cut =
    outcome.kind === 'budget'
      ? { over: world.onlyFails ? ('item' as const) : (['turn', 'item', 'batch'] as const)[draw(3)]! }
      : {}
  const ended: NewBatchEvent = { type: 'turn-ended', data: { item, fence, outcome, ...spent, ...cut } }
  return afterwards(world, fence, agent, outcome, ended, draw)
}

function afterwards(
  world: World,
  fence: number,
  agent: string,
  outcome: Outcome<unknown>,
  ended: NewBatchEvent,
  draw: Draw,
): NewBatchEvent[] {
  const had = world.suspended.get(agent)
  const probes = had?.probes ?? 0
  const shared = (until: number, why: 'quota' | 'overloaded' | 'network'): NewBatchEvent[] => {
    const last = Math.max(until, had?.until ?? 0)
    world.suspended.set(agent, { until: last, why, probes: probes + 1 })
    return [ended, { type: 'backed-off', data: { until: last, why, fence, agent, shared: true } }]
  }
  if (outcome.kind === 'finished' && had !== undefined && had.until <= world.now)
    world.suspended.delete(agent)
  if (outcome.kind === 'quota') return shared(quotaUntil(outcome.resetsAt, probes, world.now), 'quota')
  if (outcome.kind !== 'overloaded' && outcome.kind !== 'network') return [ended]
  const times = (world.state.agents.get(agent)?.passing ?? 0) + 1
  const { until, isShared } = serviceUntil(times, settings.backoff, world.now, draw(100) / 100)
  return isShared
    ? shared(until, outcome.kind)
    : [ended, { type: 'backed-off', data: { until, why: outcome.kind, fence, agent } }]
}

function failureOf(draw: Draw): Outcome {
  const all: readonly Outcome[] = [
    { kind: 'crashed', code: 1, signal: null },
    { kind: 'silent' },
    { kind: 'too-long' },
    { kind: 'unreadable', why: '' },
    { kind: 'refused' },
    { kind: 'quota', resetsAt: null },
    { kind: 'quota', resetsAt: 1 },
    { kind: 'overloaded' },
    { kind: 'network' },
    { kind: 'context-full' },
    { kind: 'rejected' },
    { kind: 'in-use' },
    { kind: 'budget' },
    { kind: 'stopped' },
    { kind: 'could-not-start', why: { code: 'agent-not-started', message: '' } },
  ]
  return all[draw(all.length)]!
}

function outcomeOf(draw: Draw): Outcome {
  const answer = (status: 'complete' | 'continue' | 'blocked'): Outcome => ({
    kind: 'finished',
    answer: { status, summary: '' },
  })
  const all: readonly Outcome[] = [
    answer('complete'),
    answer('complete'),
    answer('complete'),
    answer('continue'),
    answer('blocked'),
    { kind: 'signed-out' },
    failureOf(draw),
    failureOf(draw),
    failureOf(draw),
  ]
  return all[draw(all.length)]!
}

function verdictOf({ state }: World, draw: Draw): TreeVerdict {
  const verdict = (['release', 'release', 'block'] as const)[draw(3)]!
  return {
    record: 'r',
    ledgerHead: '',
    head: state.head,
    tree: 'j',
    layers: [],
    verdict,
    signature: sha256(String(draw(2))),
    blockers: verdict === 'block' ? ['command'] : [],
    red: verdict === 'block' && draw(2) === 0 ? ['test'] : [],
    without: [],
    ...(verdict === 'block' && draw(4) === 0 ? { machine: true as const } : {}),
  }
}

function check(world: World, plan: Plan, actions: readonly Action[]): void {
  const all = [...world.running, ...actions]
  // One tree is judged at a time, and nothing is begun twice.
  expect(all.filter(usesLane).length).toBeLessThanOrEqual(1)
  const fences = all.flatMap((one) => ('fence' in one ? [one.fence] : []))
  expect(new Set(fences).size).toBe(fences.length)
  const turns = all.filter((one) => one.kind === 'turn').length
  expect(turns).toBeLessThanOrEqual(plan.settings.jobs)
  if (plan.suspended?.size === 0 && world.state.agents.size === 0) {
    const opens = actions.filter((one) => one.kind === 'open').length
    const still = [...world.state.items.values()].filter(
      (one) => one.standing.kind === 'parked' && one.standing.fence,
    )
    expect(world.state.attempts.size - still.length + opens).toBeLessThanOrEqual(plan.settings.jobs)
  }
  // Nobody is asked who is suspended on this machine.
  for (const action of actions)
    if (action.kind === 'plan' || action.kind === 'review-plan' || action.kind === 'review') {
      expect(action.agents).not.toEqual([])
      for (const agent of action.agents)
        expect(plan.suspended?.get(agent)?.until ?? 0).toBeLessThanOrEqual(world.now)
      expect(isUsedUp(batchLeft(world.state, plan))).toBe(false)
      // What was answered is not asked for again.
      const { stage, planning, reviews } = world.state.attempts.get(action.fence)!
      if (action.kind === 'plan') expect(planning.given).toBeNull()
      for (const agent of action.agents) {
        if (action.kind === 'review-plan')
          expect(planning.reviews.get(agent)?.plan).not.toBe(planning.given?.digest)
        if (action.kind === 'review' && stage.at === 'released')
          expect(reviews.get(agent)?.tree).not.toBe(stage.candidate.tree)
      }
    }
  for (const action of actions)
    if (action.kind === 'turn') {
      // Nobody works by a plan that was not passed, or without one.
      const { stage, planning } = world.state.attempts.get(action.fence)!
      if (plan.settings.roles.plan.length > 0 && stage.at === 'ready' && stage.told.kind === 'item') {
        expect(planning.touched).toBeNull()
        for (const critic of plan.settings.roles.planReview)
          expect(planning.reviews.get(critic)).toMatchObject({
            plan: planning.given?.digest,
            verdict: 'pass',
          })
        expect(planning.given).not.toBeNull()
      }
      const { agent } = world.state.attempts.get(action.fence)!
      expect(plan.suspended?.get(agent)?.until ?? 0).toBeLessThanOrEqual(world.now)
      // Nothing is started once a limit is reached.
      expect(isUsedUp(batchLeft(world.state, plan))).toBe(false)
      expect(isUsedUp(itemLeft(world.state, plan, world.state.attempts.get(action.fence)!.item))).toBe(false)
    }
  for (const action of actions)
    if (action.kind === 'open') {
      const item = plan.items.get(action.item)!
      for (const id of item.after) expect(world.state.items.get(id)?.standing.kind).toBe('done')
      expect(world.state.items.get(action.item)?.counted ?? 0).toBeLessThan(settings.limits.attempts)
    }
  // What is done only has to be cleared away.
  const atWork = [...world.state.items].flatMap(([id, { standing }]) =>
    standing.kind === 'working' ? [id] : [],
  )
  expect(atWork.includes('003') && atWork.includes('004')).toBe(false)
}

/** Actions that are nothing but events. */
const PLAIN: ReadonlySet<Action['kind']> = new Set([
  'open',
  'park',
  'fail',
  'hand-over',
  'retake',
  'settle-review',
  'settle-plan',
])

const asksReaders = ({ kind }: Action): boolean =>
  kind === 'plan' || kind === 'review-plan' || kind === 'review'

/** Plays until it rests; `crashes`: how often whoever supervises dies on the way. */
function play(
  seed: readonly number[],
  jobs: number,
  crashes: number,
  mode: Mode,
  more: {
    onlyFails?: boolean
    onQuota?: 'wait' | 'next'
    limits?: Partial<typeof settings.limits>
    review?: readonly string[]
    plan?: readonly string[]
    planReview?: readonly string[]
  } = {},
): World {
  const whole = planOf(jobs)
  const {
    onlyFails = false,
    onQuota = 'wait',
    limits = {},
    review = [],
    plan: planners = [],
    planReview = [],
  } = more
  const still: Plan = {
    ...whole,
    settings: {
      ...whole.settings,
      onQuota,
      limits: { ...settings.limits, ...limits },
      roles: { ...settings.roles, review, plan: planners, planReview },
    },
  }
  const world = begun(still)
  world.onlyFails = onlyFails
  let at = 0
  const draw: Draw = (below) => (seed[at++ % seed.length] ?? 0) % below
  let left = crashes
  let heads = [world.state.head]
  for (let round = 0; round < 5000; round += 1) {
    const inFlight = {
      fences: new Set(world.running.flatMap((one) => ('fence' in one ? [one.fence] : []))),
      lane: world.running.some(usesLane),
      choosing: world.running.some((one) => one.kind === 'worktree'),
    }
    const plan: Plan = { ...still, suspended: new Map(world.suspended) }
    for (const [agent, { until, why }] of unrecorded({ state: world.state, plan, now: world.now }))
      append(world, { type: 'backed-off', data: { until, why, fence: null, agent, shared: true } })
    const { actions, wakeAt } = next(world.state, plan, inFlight, mode, world.now)
    expect(next(world.state, plan, inFlight, mode, world.now)).toEqual({ actions, wakeAt })
    // A judgement that was begun would make one that is there already worth nothing.
    for (const one of actions)
      if (one.kind === 'judge') {
        const without = { ...inFlight, fences: new Set([...inFlight.fences, one.fence]) }
        const others = next(world.state, plan, without, mode, world.now).actions
        expect(others.filter(({ kind }) => kind === 'integrate')).toEqual([])
      }
    check(world, plan, actions)
    const rest = actions.find((one) => one.kind === 'rest')
    if (rest?.kind === 'rest') {
      append(world, { type: 'rested', data: rest.rest })
      return world
    }
    for (const action of actions) {
      if (action.kind === 'turn') {
        const attempt = world.state.attempts.get(action.fence)!
        append(world, {
          type: 'turn-begun',
          data: { item: attempt.item, fence: action.fence, turn: attempt.turn + 1 },
        })
        world.turns += 1
        world.spawns.set(attempt.item, (world.spawns.get(attempt.item) ?? 0) + 1)
        // Some agents keep one.
        if (draw(2) === 0)
          append(world, {
            type: 'conversation',
            data: { item: attempt.item, fence: action.fence, conversation: `c${world.seq}` },
          })
      }
      if (PLAIN.has(action.kind)) for (const event of ends(world, plan, action, draw)) append(world, event)
      else world.running.push(action)
    }
    if (left > 0 && draw(20) === 0) {
      left -= 1
      const { running } = world
      world.running = []
      // Each reader is on record for itself: some of them had begun, and some had answered.
      for (const action of running.filter(asksReaders)) {
        const events = ends(world, plan, action, draw)
        for (const event of events.slice(0, draw(events.length + 1))) append(world, event)
      }
      start(world)
      continue
    }
    if (world.running.length === 0) {
      if (actions.length === 0) {
        expect(wakeAt).not.toBeNull()
        world.now = wakeAt ?? world.now
      }
      continue
    }
    const [ended] = world.running.splice(draw(world.running.length), 1)
    for (const event of ends(world, plan, ended!, draw)) append(world, event)
    if (world.state.head !== heads.at(-1)) heads = [...heads, world.state.head]
    world.now += 1
  }
  throw new Error('it never rests')
}

const seeds = fc.array(fc.nat(10_000), { minLength: 50, maxLength: 400 })

test('whatever agents, gates and crashes do, a batch comes to rest, and only what was judged is done', () => {
  holds(
    300,
    fc.property(seeds, fc.integer({ min: 1, max: 4 }), fc.nat(5), (seed, jobs, crashes) => {
      const world = play(seed, jobs, crashes, 'run')
      const { rest, items, attempts, head } = world.state
      expect(rest).not.toBeNull()
      if (rest?.state === 'completed') {
        expect([...items.values()].every((one) => one.standing.kind === 'done')).toBe(true)
        expect(attempts.size).toBe(0)
        expect(world.state.green).toBe(head)
      }
      for (const item of items.values()) {
        expect(item.counted).toBeLessThanOrEqual(settings.limits.attempts)
        expect(item.spawns).toBeLessThanOrEqual(settings.limits.spawns)
      }
    }),
  )
})

test.each(['stop', 'drain'] as const)('%s: nothing is begun, and it rests', (mode) => {
  holds(
    50,
    fc.property(seeds, (seed) => {
      const world = play(seed, 2, 0, mode)
      expect(world.turns).toBe(0)
      expect(world.state.rest).toMatchObject({ state: 'paused' })
    }),
  )
})

test('whatever kinds of failure alternate, and without a single turn that ends well, a batch rests after a bounded number of starts', () => {
  holds(
    100,
    fc.property(
      seeds,
      fc.integer({ min: 1, max: 4 }),
      fc.nat(5),
      fc.constantFrom('wait' as const, 'next' as const),
      (seed, jobs, crashes, onQuota) => {
        const world = play(seed, jobs, crashes, 'run', { onlyFails: true, onQuota })
        expect(world.state.head).toBe(world.state.opened.base)
        expect(world.state.rest).toMatchObject({
          state: expect.stringMatching(/^(parked|halted|paused)$/) as unknown,
        })
        for (const [item, spawns] of world.spawns) {
          expect(spawns).toBeLessThanOrEqual(settings.limits.spawns)
          expect(world.state.items.get(item)?.spawns).toBe(spawns)
        }
      },
    ),
  )
})

test('with limits in tokens and minutes nothing is started after they are reached, and the sums are those of the record', () => {
  holds(
    100,
    fc.property(seeds, fc.integer({ min: 1, max: 4 }), fc.nat(5), (seed, jobs, crashes) => {
      const limits = { itemTokens: 250, batchTokens: 600, itemMinutes: 3, batchMinutes: 8 }
      const world = play(seed, jobs, crashes, 'run', { limits })
      expect(world.state.rest).not.toBeNull()
      const all = world.ended.reduce(added, { tokens: 0, ms: 0 })
      expect(spentInAll(world.state)).toEqual(all)
    }),
  )
})

test('with reviewers: nothing is in the head that one of them did not pass, and whatever they say or fail with, it rests', () => {
  holds(
    150,
    fc.property(
      seeds,
      fc.integer({ min: 1, max: 4 }),
      fc.nat(5),
      fc.boolean(),
      (seed, jobs, crashes, both) => {
        const review = both ? ['codex', 'mine'] : ['mine']
        const world = play(seed, jobs, crashes, 'run', { review })
        expect(world.state.rest).not.toBeNull()
        for (const item of world.state.items.values())
          expect(item.spawns).toBeLessThanOrEqual(settings.limits.spawns)
        expect(spentInAll(world.state)).toEqual(world.ended.reduce(added, { tokens: 0, ms: 0 }))
      },
    ),
  )
})

test('with planners and critics: nobody works by a plan that was not passed, and whatever they say or fail with, it rests', () => {
  holds(
    60,
    fc.property(
      seeds,
      fc.integer({ min: 1, max: 4 }),
      fc.nat(5),
      fc.constantFrom<readonly string[]>([], ['mine'], ['codex', 'mine']),
      fc.constantFrom('wait' as const, 'next' as const),
      fc.boolean(),
      (seed, jobs, crashes, planReview, onQuota, onlyFails) => {
        const plan = ['codex', 'mine']
        const world = play(seed, jobs, crashes, 'run', { plan, planReview, onQuota, onlyFails })
        expect(world.state.rest).not.toBeNull()
        for (const item of world.state.items.values()) {
          expect(item.spawns).toBeLessThanOrEqual(settings.limits.spawns)
          expect(item.counted).toBeLessThanOrEqual(settings.limits.attempts)
        }
        expect(spentInAll(world.state)).toEqual(world.ended.reduce(added, { tokens: 0, ms: 0 }))
      },
    ),
  )
})
