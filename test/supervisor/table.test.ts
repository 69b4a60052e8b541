import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import { supervisorOf } from '../../src/contract/supervisor/settings.ts'
import { afterFailure } from '../../src/supervisor/effects/after-failure.ts'
import { openBatchLedger } from '../../src/supervisor/record/batch-ledger.ts'
import type { BatchOpened, NewBatchEvent, Rest, TreeVerdict } from '../../src/supervisor/record/events.ts'
import { addEvent } from '../../src/supervisor/record/fold.ts'
import type { Mode, Plan } from '../../src/supervisor/decide/holds.ts'
import { newGoal } from '../../src/supervisor/record/goal-state.ts'
import type { Action } from '../../src/supervisor/decide/action.ts'
import { next } from '../../src/supervisor/decide/next.ts'
import { leaveRequest, takeInRequests } from '../../src/supervisor/orders/requests.ts'
import type { AttemptState, BatchState } from '../../src/supervisor/record/state.ts'
import {
  HAPPENINGS,
  type Happening,
  STAGES,
  type StageName,
  TABLE,
} from '../../src/supervisor/decide/table.ts'
import { config, itemOf, markdown } from '../backlog/rig.ts'
import { openedWith } from './opened.ts'

/*
 * Every cell of the table, against what `next`, a request or an effect that failed comes to. The batch has two items, each with one
 * attempt at most; what is said of one is written out here and not read from the table.
 */

const NOW = 1_000_000
const settings = supervisorOf(config)
const items = [
  itemOf('001-a.md', markdown('scope: [src/a/**]')),
  itemOf('002-b.md', markdown('scope: [src/b/**]')),
]
const agent = settings.roles.work[0] ?? ''
const quiet: Plan = {
  items: new Map(items.map((one) => [one.id, one])),
  settings: { ...settings, jobs: 2 },
  unapproved: new Map(),
  held: null,
}
const opened: BatchOpened = openedWith(items)
const verdict = (how: 'release' | 'block', red: readonly string[] = []): TreeVerdict => ({
  record: 'r',
  ledgerHead: '',
  head: 'base',
  tree: 't',
  layers: [],
  verdict: how,
  signature: sha256('s'),
  blockers: how === 'block' ? ['command'] : [],
  red,
  without: [],
})

/** What led an attempt to a stage. */
function eventsTo(stage: StageName, item: string, fence: number): readonly NewBatchEvent[] {
  const of = { item, fence }
  const start: readonly NewBatchEvent[] = [
    {
      type: 'attempt-opened',
      data: { ...of, attempt: 1, base: 'base', digest: sha256('d'), agent: settings.roles.work[0] ?? '' },
    },
  ]
  const ready: readonly NewBatchEvent[] = [
    ...start,
    { type: 'worktree-ready', data: { ...of, worktree: item } },
  ]
  const working: readonly NewBatchEvent[] = [...ready, { type: 'turn-begun', data: { ...of, turn: 1 } }]
  const turned: readonly NewBatchEvent[] = [
    ...working,
    {
      type: 'turn-ended',
      data: { ...of, outcome: { kind: 'finished', answer: { status: 'complete', summary: '' } } },
    },
  ]
  const candidate: readonly NewBatchEvent[] = [
    ...turned,
    { type: 'candidate', data: { ...of, commit: 'c', tree: 't', changed: 1 } },
  ]
  const released: readonly NewBatchEvent[] = [
    ...candidate,
    { type: 'judged', data: { ...of, ...verdict('release') } },
  ]
  const integrating: readonly NewBatchEvent[] = [
    ...released,
    { type: 'integrating', data: { ...of, commit: 'new', from: 'base' } },
  ]
  const all: Readonly<Record<StageName, readonly NewBatchEvent[]>> = {
    worktree: start,
    plan: ready,
    ready,
    working,
    turned,
    candidate,
    review: released,
    doubted: [...candidate, { type: 'judged', data: { ...of, ...verdict('block', ['test']) } }],
    released,
    integrating,
    integrated: [...integrating, { type: 'integrated', data: { ...of, commit: 'new', from: 'base' } }],
    ending: [...turned, { type: 'attempt-ending', data: { ...of, failure: { kind: 'turns' } } }],
  }
  return all[stage]
}

function folded(events: readonly NewBatchEvent[]): BatchState {
  let state: BatchState | null = null
  for (const [nth, event] of [{ type: 'batch-opened', data: opened } as const, ...events].entries())
    state = addEvent(state, { seq: nth + 1, at: NOW, prev: '', hash: sha256(String(nth)), ...event })
  if (state === null) throw new Error('no batch')
  return state
}

const much = { tokens: 1000, ms: 0 }
const capped: Partial<Plan> = {
  settings: { ...quiet.settings, limits: { ...settings.limits, batchTokens: 1000 } },
}

/** A batch in which this holds. Null: `next` has no say in it. */
function holding(
  happening: Happening,
  state: BatchState,
): { readonly state: BatchState; readonly plan: Plan; readonly mode: Mode } | null {
  const as = (more: Partial<BatchState>, plan: Partial<Plan> = {}, mode: Mode = 'run') => ({
    state: { ...state, ...more },
    plan: { ...quiet, ...plan },
    mode,
  })
  const wait = { until: NOW + 1000, times: 1, why: '' }
  switch (happening) {
    // Nobody in this process is at anything.
    case 'killed':
      return as({})
    case 'killed-in-conversation':
      return as({
        attempts: new Map(
          [...state.attempts].map(([fence, one]) => [fence, { ...one, conversation: 'c-1' }] as const),
        ),
      })
    case 'stop-now':
      return as({}, {}, 'stop')
    case 'stop':
      return as({}, {}, 'drain')
    case 'halted':
      return as({ halt: { state: 'halted', code: 'integrity' } })
    case 'could-not-run':
      return as({ backedOff: wait })
    case 'agent-suspended':
      return as({}, { suspended: new Map([[agent, { until: NOW + 1000, why: 'quota' }]]) })
    case 'head-red':
      return as({ redHead: state.head })
    case 'budget':
      return as(
        { items: new Map(state.items).set('002', { ...state.items.get('002')!, spent: much }) },
        capped,
      )
    case 'item-budget':
      return as({
        items: new Map(state.items).set('001', {
          ...state.items.get('001')!,
          standing: { kind: 'parked', code: 'budget', fence: 1 },
        }),
      })
    case 'config-changed':
    case 'approval-withdrawn':
    case 'disk-low':
      return as({}, { held: happening })
    case 'item-edited':
      return as({}, { unapproved: new Map([['001', null]]) })
    case 'until':
      return as({ until: NOW })
    case 'spawns':
      return as({ spawnedAt: Array.from({ length: settings.limits.spawnsPerDay }, () => NOW) })
    case 'parked-in-a-row':
      return as({ parkedInARow: settings.limits.parkedInARow })
    case 'agent-unusable':
      return as({
        agents: new Map([
          [
            agent,
            { failures: settings.limits.agentFailures, passing: 0, waits: null, unusable: null, said: null },
          ],
        ]),
      })
    case 'iterations':
      return as({ asked: state.begun })
    case 'goal-unchanged': {
      const goal = { ...newGoal, pausedUntil: NOW + 1000 }
      return as({ items: new Map(state.items).set('002', { ...state.items.get('002')!, goal }) })
    }
    case 'ticket': {
      const other = folded([...eventsTo('ready', '002', 1), ...conflicts('002', 1, 3)])
      const [holder] = other.attempts.values()
      const all = new Map(state.items).set('002', other.items.get('002')!)
      return as({ items: all, attempts: new Map(state.attempts).set(99, { ...holder!, fence: 99 }) })
    }
    case 'head-moved':
      return as({ head: 'moved' })
    case 'item-dropped':
    case 'head-moved-by-stranger':
    case 'worktree-gone':
    case 'worktree-busy':
      return null
    default:
      return happening satisfies never
  }
}

function conflicts(item: string, fence: number, times: number): readonly NewBatchEvent[] {
  return Array.from({ length: times }, () => ({
    type: 'conflict' as const,
    data: { item, fence, head: 'base', paths: ['a'] },
  }))
}

const letter = (action: Action | undefined): string => {
  if (action === undefined) return '.'
  if (action.kind === 'check-head') return 'C'
  if (action.kind === 'retake') return 'R'
  if (action.kind !== 'fail') return action.kind === 'judge' ? 'J' : '>'
  return action.failure.kind === 'parked' ? 'P' : action.failure.kind === 'interrupted' ? 'I' : '?'
}

/*
 * '>' its next step; 'J' it is judged; 'C' the head is asked; '.' it waits; 'P' parked; 'I' interrupted; 'R' its turn is taken again. An attempt that is "working"
 * and that nobody is at was interrupted, whatever else holds.
 *
 *  worktree plan ready working turned candidate doubted review released integrating integrated ending
 */
const steps: Readonly<Partial<Record<Happening, string>>> = {
  killed: '>>>I>JC>>>>>',
  'killed-in-conversation': '>>>R>JC>>>>>',
  'stop-now': '...I........',
  halted: '...I........',
  'could-not-run': '...I........',
  'head-red': '...I>....>>>',
  'config-changed': '...I>....>>>',
  'approval-withdrawn': '...I>....>>>',
  'disk-low': '...I>....>>>',
  'item-edited': 'PPPI>PPPP>>>',
  'item-budget': '>..I>JC.>>>>',
  budget: '...I>JC.>>>>',
  stop: '...I>JC.>>>>',
  'agent-suspended': '>>.I>JC>>>>>',
  until: '...I>JC.>>>>',
  spawns: '...I>JC.>>>>',
  'parked-in-a-row': '>>>I>JC>>>>>',
  'agent-unusable': '.>.I>JC>>>>>',
  iterations: '>>>I>JC>>>>>',
  'goal-unchanged': '>>>I>JC>>>>>',
  ticket: '>>>I>..>.>>>',
  'head-moved': '>>>I>JC>J>>>',
}

/** Somebody has to plan every item, or to pass it. */
const withRole = (plan: Plan, role: 'plan' | 'review'): Plan => ({
  ...plan,
  settings: { ...plan.settings, roles: { ...plan.settings.roles, [role]: ['mine'] } },
})

const nobody = { fences: new Set<number>(), lane: false, choosing: false }

test.each(Object.entries(steps))('%s: what an attempt does at each of its stages', (happening, expected) => {
  const seen = STAGES.map((stage) => {
    const moment = holding(happening as Happening, folded(eventsTo(stage, '001', 1)))
    if (moment === null) throw new Error('next is not asked')
    // The other attempt, where there is one, is at work.
    const inFlight = { ...nobody, fences: new Set([99]) }
    const plan = stage === 'plan' || stage === 'review' ? withRole(moment.plan, stage) : moment.plan
    const { actions } = next(moment.state, plan, inFlight, moment.mode, NOW)
    const own = actions.filter((one) => ('fence' in one ? one.fence === 1 : one.kind === 'check-head'))
    expect(own.length).toBeLessThanOrEqual(1)
    return letter(own[0])
  })
  expect(seen.join('')).toBe(expected)
})

const restWords = (rest: Rest): string => `${rest.state} ${'code' in rest ? rest.code : ''}`.trim()

/** With nothing in work: whether an item is begun; else how the batch rests, or that it waits. */
const idle: Readonly<Partial<Record<Happening, string>>> = {
  killed: 'begins',
  'killed-in-conversation': 'begins',
  'stop-now': 'paused signal',
  halted: 'halted integrity',
  'could-not-run': 'waits',
  'head-red': 'paused head-red',
  'config-changed': 'paused config-changed',
  'approval-withdrawn': 'paused approval-withdrawn',
  'disk-low': 'paused disk-low',
  // The other one.
  'item-edited': 'begins',
  // The other one.
  'item-budget': 'begins',
  budget: 'halted budget',
  stop: 'paused stopped',
  'agent-suspended': 'waits',
  until: 'active until',
  spawns: 'paused spawns',
  'parked-in-a-row': 'parked parked-in-a-row',
  'agent-unusable': 'halted no-agent',
  iterations: 'active iterations',
  'goal-unchanged': 'waits',
  'head-moved': 'begins',
}

test.each(Object.entries(idle))('%s: a batch in which nothing is in work %s', (happening, expected) => {
  const moment = holding(happening as Happening, folded([]))
  if (moment === null) throw new Error('next is not asked')
  const { actions, wakeAt } = next(moment.state, moment.plan, nobody, moment.mode, NOW)
  const [first] = actions
  expect(first === undefined ? 'waits' : first.kind === 'rest' ? restWords(first.rest) : 'begins').toBe(
    expected,
  )
  expect(wakeAt).toBe(expected === 'waits' ? NOW + 1000 : null)
  const { opens, rest } = TABLE[happening as Happening]
  // What the table says of it in words is this.
  if (expected === 'begins') expect(rest).toBeNull()
  else if (expected !== 'waits')
    expect(rest).toContain(happening === 'halted' ? 'halted' : expected.replace(' ', ': '))
  if (!opens) expect(expected).not.toBe('begins')
})

test('an agent in work is not counted as idle: nobody rests, and a wait is known', () => {
  const moment = holding('agent-suspended', folded(eventsTo('working', '001', 1)))!
  const inFlight = { ...nobody, fences: new Set([1]) }
  expect(next(moment.state, moment.plan, inFlight, 'run', NOW)).toEqual({
    actions: [],
    wakeAt: NOW + 1000,
  })
})

test('a quota with "exit" in the config ends the call', () => {
  const moment = holding('agent-suspended', folded([]))!
  const plan: Plan = { ...moment.plan, settings: { ...settings, onQuota: 'exit' } }
  expect(next(moment.state, plan, nobody, 'run', NOW).actions).toEqual([
    { kind: 'rest', rest: { state: 'suspended', until: NOW + 1000 } },
  ])
})

test.each(STAGES.map((stage) => [stage] as const))(
  'an item is dropped while its attempt is at %s',
  (stage) => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-table-'))
    try {
      const file = path.join(dir, 'ledger.jsonl')
      const ledger = openBatchLedger(
        file,
        () => NOW,
        { type: 'batch-opened', data: opened },
        () => {},
      )
      if (!ledger.ok) throw new Error(ledger.error.message)
      for (const event of eventsTo(stage, '001', 1)) ledger.value.append(event)
      const requests = path.join(dir, 'requests')
      expect(leaveRequest(requests, { kind: 'drop', items: ['001'] })).toMatchObject({ ok: true })
      const { events } = takeInRequests(ledger.value, requests, () => [])
      ledger.value.close()
      const before: readonly StageName[] = [
        'worktree',
        'plan',
        'ready',
        'working',
        'turned',
        'candidate',
        'doubted',
        'review',
        'released',
      ]
      const expected = before.includes(stage)
        ? ['attempt-ending', 'item-dropped']
        : stage === 'ending'
          ? ['item-dropped']
          : []
      expect(events.map((one) => one.type)).toEqual(expected)
      expect(TABLE['item-dropped'].stages[stage]).toBe(before.includes(stage) ? 'over' : 'on')
    } finally {
      fs.rmSync(dir, { recursive: true, force: true })
    }
  },
)

/** 'H' everything is halted; 'O' the attempt is over; 'B' it is tried again later. */
const failures: Readonly<Record<string, string>> = {
  'head-moved': 'BBBBBBBBBHBB',
  'worktree-foreign': 'BOOBOBBBBBBB',
  'worktree-busy': 'BBBBBBBBBBBB',
  'lock-io': 'BBBBBBBBBBBB',
}

test.each(Object.entries(failures))('an effect that fails with %s, at each stage', (code, expected) => {
  const seen = STAGES.map((stage) => {
    const state = folded(eventsTo(stage, '001', 1))
    const attempt = state.attempts.get(1) as AttemptState
    const failure = { code: code as 'head-moved', message: 'why' }
    const event = afterFailure(failure, attempt, state, settings.backoff, NOW)
    if (event.type === 'halted') return 'H'
    if (event.type === 'attempt-ending') return event.data.failure.kind === 'worktree-gone' ? 'O' : '?'
    expect(event).toMatchObject({ type: 'backed-off', data: { until: NOW + 10_000, why: code } })
    return 'B'
  })
  expect(seen.join('')).toBe(expected)
})

test('every row is looked at here', () => {
  const asked = new Set<string>([
    ...Object.keys(steps),
    'item-dropped',
    'head-moved-by-stranger',
    'worktree-gone',
    'worktree-busy',
  ])
  expect(HAPPENINGS.filter((one) => !asked.has(one))).toEqual([])
  expect(
    HAPPENINGS.map((one) => STAGES.every((stage) => TABLE[one].stages[stage] !== undefined)),
  ).not.toContain(false)
})

test('five conflicts of an item: a person is asked', () => {
  const state = folded([...eventsTo('ready', '001', 1), ...conflicts('001', 1, 5)])
  expect(
    next(
      state,
      { ...quiet, settings: { ...settings, limits: { ...settings.limits, noProgress: 9 } } },
      nobody,
      'run',
      NOW,
    ).actions,
  ).toContainEqual({
    kind: 'fail',
    fence: 1,
    failure: { kind: 'parked', code: 'conflict' },
  })
})
