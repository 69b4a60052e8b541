import { expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import { supervisorOf } from '../../src/contract/supervisor/settings.ts'
import type { NewBatchEvent } from '../../src/supervisor/record/events.ts'
import { addEvent } from '../../src/supervisor/record/fold.ts'
import type { Plan } from '../../src/supervisor/decide/holds.ts'
import { next } from '../../src/supervisor/decide/next.ts'
import { neededFor, plannedOrder } from '../../src/supervisor/decide/planned-order.ts'
import type { BatchState } from '../../src/supervisor/record/state.ts'
import { statusOf, waitingOf } from '../../src/supervisor/decide/waiting.ts'
import { config, itemOf, markdown } from '../backlog/rig.ts'
import { openedWith } from './opened.ts'

const NOW = 1_000_000

function planWith(items: Readonly<Record<string, string>>, more: Partial<Plan> = {}): Plan {
  const all = Object.entries(items).map(([name, front]) => itemOf(name, markdown(front)))
  return {
    items: new Map(all.map((one) => [one.id, one])),
    settings: supervisorOf(config),
    unapproved: new Map(),
    held: null,
    ...more,
  }
}

function stateOf(plan: Plan, ...events: readonly NewBatchEvent[]): BatchState {
  const opened: NewBatchEvent = {
    type: 'batch-opened',
    data: openedWith(plan.items.values()),
  }
  const state = [opened, ...events].reduce<BatchState | null>(
    (before, event, at) =>
      addEvent(before, { seq: at + 1, at: NOW, prev: '', hash: sha256(String(at)), ...event }),
    null,
  )
  if (state === null) throw new Error('no batch')
  return state
}

const begins = (item: string, fence: number, agent = ''): readonly NewBatchEvent[] => [
  {
    type: 'attempt-opened',
    data: { item, fence, attempt: 1, base: 'base', digest: sha256(item), agent },
  },
  { type: 'worktree-ready', data: { item, fence, worktree: item } },
]

const waits = (plan: Plan, id: string, ...events: readonly NewBatchEvent[]): unknown =>
  waitingOf(stateOf(plan, ...events), plan, id, NOW)

test('an item that could start waits for nothing, and says for what it waits otherwise', () => {
  const items = {
    '001-a.md': 'scope: [a/**]\nexclusive: [db]',
    '002-b.md': 'scope: [b/**]\nafter: [001, 003]',
    '003-c.md': 'scope: [c/**]\nexclusive: [db]',
  }
  const plan = planWith(items)
  expect(waits(plan, '001')).toBeNull()
  expect(waits(plan, '002')).toEqual({ kind: 'after', items: ['001', '003'] })
  expect(waits(plan, '003', ...begins('001', 1))).toEqual({ kind: 'exclusive', item: '001' })
  expect(waits(plan, '001', ...begins('001', 1))).toBeNull()
  expect(waits({ ...plan, unapproved: new Map([['001', null]]) }, '001')).toEqual({ kind: 'unaccepted' })
  expect(waits({ ...plan, held: 'disk-low' }, '001')).toEqual({ kind: 'held', why: 'disk-low' })
  expect(waits(plan, '001', { type: 'item-parked', data: { item: '001', code: 'attempts' } })).toBeNull()
})

test('a service and a machine in the way are waited for until a time, between attempts and within them', () => {
  const plan = planWith({ '001-a.md': 'scope: [a/**]', '002-b.md': 'scope: [b/**]' })
  const agent = plan.settings.roles.work[0] ?? ''
  const wait = { until: NOW + 5000, why: 'network', fence: null, agent } as const
  const service: NewBatchEvent = { type: 'backed-off', data: wait }
  const waiting = { kind: 'until', at: NOW + 5000, why: 'network', agent }
  expect(waits(plan, '001', service)).toEqual(waiting)
  expect(waits(plan, '001', ...begins('001', 1, agent), service)).toEqual(waiting)
  expect(waitingOf(stateOf(plan, service), plan, '001', NOW + 5000)).toBeNull()
  // A longer one that another batch met counts, and one that is on record only does not.
  const suspended = new Map([[agent, { until: NOW + 9000, why: 'quota' as const }]])
  expect(waits({ ...plan, suspended }, '001', service)).toMatchObject({ at: NOW + 9000, why: 'quota' })
  expect(waits(plan, '001', { type: 'backed-off', data: { ...wait, why: 'quota', shared: true } })).toBeNull()
  const machine = { until: NOW + 1, why: 'lock-io', fence: null } as const
  expect(waits(plan, '001', { type: 'backed-off', data: machine })).toEqual({
    kind: 'until',
    at: NOW + 1,
    why: 'lock-io',
  })
  // As an earlier version wrote it, for all agents alike.
  expect(waits(plan, '001', { type: 'backed-off', data: { ...machine, why: 'quota' } })).toBeNull()
})

test('what mends goes first, and a ticket is waited for where work is joined', () => {
  const mends = planWith({ '001-a.md': 'scope: [a/**]', '002-b.md': 'scope: [b/**]\nmends: [test]' })
  expect(waits(mends, '001')).toEqual({ kind: 'mends', item: '002' })
  expect(waits(mends, '002')).toBeNull()

  const plan = planWith({ '001-a.md': 'scope: [a/**]', '002-b.md': 'scope: [b/**]' })
  const conflict: NewBatchEvent = {
    type: 'conflict',
    data: { item: '001', fence: 1, head: 'base', paths: ['a/x'] },
  }
  const candidate: NewBatchEvent = {
    type: 'candidate',
    data: { item: '002', fence: 2, commit: 'c', tree: 't', changed: 1 },
  }
  const both = [...begins('001', 1), ...begins('002', 2), candidate]
  expect(waits(plan, '002', ...both, conflict, conflict)).toBeNull()
  expect(waits(plan, '002', ...both, conflict, conflict, conflict)).toEqual({ kind: 'ticket', item: '001' })
})

test('the order of a dry run is that of one worker, and some items bring what they wait for', () => {
  const plan = planWith({
    '001-a.md': 'scope: [a/**]',
    '002-b.md': 'scope: [b/**]\nafter: [004]\npriority: 1',
    '003-c.md': 'scope: [c/**]\npriority: 2',
    '004-d.md': 'scope: [d/**]',
    '005-e.md': 'scope: [e/**]\nafter: [006]',
    '006-f.md': 'scope: [f/**]',
  })
  const items = [...plan.items.values()]
  const state = stateOf(plan, { type: 'item-parked', data: { item: '006', code: 'attempts' } })
  const status = (id: string) => statusOf(state, id)
  const order = plannedOrder(items, status, undefined).map((one) => one.id)
  // 004 comes before 001: somebody waits for it.
  expect(order).toEqual(['003', '004', '002', '001'])
  const needed = neededFor(items, ['002'], status)
  expect([...needed].sort()).toEqual(['002', '004'])
  expect(plannedOrder(items, status, needed).map((one) => one.id)).toEqual(['004', '002'])
})

test('failures of an agent count on over a crash, and begin anew when a person starts a batch that had come to rest', () => {
  const plan = planWith({ '001-a.md': 'scope: [src/**]' })
  const started: NewBatchEvent = {
    type: 'started',
    data: { owner: { pid: 1, start: '1' }, bootId: '', version: '0', iterations: null, until: null },
  }
  const crashed: readonly NewBatchEvent[] = [
    started,
    {
      type: 'attempt-opened',
      data: { item: '001', fence: 1, attempt: 1, base: 'base', digest: sha256('d'), agent: 'mine' },
    },
    { type: 'worktree-ready', data: { item: '001', fence: 1, worktree: '001' } },
    { type: 'turn-begun', data: { item: '001', fence: 1, turn: 1 } },
    { type: 'turn-ended', data: { item: '001', fence: 1, outcome: { kind: 'silent' } } },
  ]
  const failures = (...more: readonly NewBatchEvent[]) =>
    stateOf(plan, ...crashed, ...more).agents.get('mine')?.failures ?? 0
  expect(failures()).toBe(1)
  expect(failures(started)).toBe(1)
  // A turn that ends well is the agent's own word.
  const again: readonly NewBatchEvent[] = [
    { type: 'turn-begun', data: { item: '001', fence: 1, turn: 2 } },
    {
      type: 'turn-ended',
      data: {
        item: '001',
        fence: 1,
        outcome: { kind: 'finished', answer: { status: 'continue', summary: '' } },
      },
    },
  ]
  expect(failures(...again)).toBe(1)
  expect(failures({ type: 'rested', data: { state: 'halted', code: 'no-agent' } }, started)).toBe(0)
})

test('no more turns begin at once than starts are left for the day', () => {
  const three = { '001-a.md': 'scope: [a/**]', '002-b.md': 'scope: [b/**]', '003-c.md': 'scope: [c/**]' }
  const plan = planWith(three)
  const { limits } = plan.settings
  const state = stateOf(plan, ...begins('001', 1), ...begins('002', 2), ...begins('003', 3))
  const turns = (spawnsPerDay: number, ...fences: readonly number[]): readonly string[] =>
    next(
      state,
      { ...plan, settings: { ...plan.settings, jobs: 3, limits: { ...limits, spawnsPerDay } } },
      { fences: new Set(fences), lane: false, choosing: false },
      'run',
      NOW,
    ).actions.map(({ kind }) => kind)
  expect(turns(3)).toEqual(['turn', 'turn', 'turn'])
  expect(turns(1)).toEqual(['turn'])
  // That of the first one is being prepared, and counts already.
  expect(turns(2, 1)).toEqual(['turn'])
  expect(turns(1, 1)).toEqual([])
})
