import { afterEach, expect, jest, test } from '@jest/globals'
import { supervisorOf } from '../../src/contract/supervisor/settings.ts'
import { mayBegin, turnBudget } from '../../src/supervisor/effects/turn-budget.ts'
import type { NewBatchEvent } from '../../src/supervisor/record/events.ts'
import { addEvent } from '../../src/supervisor/record/fold.ts'
import type { AttemptState, BatchState, Spent } from '../../src/supervisor/record/state.ts'
import { sha256 } from '../../src/base/hash.ts'
import { config, itemOf, markdown } from '../backlog/rig.ts'
import { openedWith } from './opened.ts'

afterEach(() => {
  jest.useRealTimers()
})

const items = [
  itemOf('001-a.md', markdown('scope: [src/a/**]\nlimits: {tokens: 300, minutes: 3}')),
  itemOf('002-b.md', markdown('scope: [src/b/**]')),
]

function stateWith(spent: Readonly<Record<string, Spent>>): BatchState {
  const data = openedWith(items)
  const state = addEvent(null, { seq: 1, at: 1, prev: '', hash: sha256('1'), type: 'batch-opened', data })
  if (state === null) throw new Error('no batch')
  const changed = [...state.items].map(
    ([id, one]) => [id, { ...one, spent: spent[id] ?? one.spent }] as const,
  )
  return { ...state, items: new Map(changed) }
}

/** A turn at 001, with another one at work. */
function turn(limits: object, spent: Readonly<Record<string, Spent>>, other: Spent | null = null) {
  const settings = supervisorOf(config)
  let looked = 0
  const world = {
    ledger: { state: () => stateWith(spent) } as never,
    settings: { ...settings, limits: { ...settings.limits, ...limits } },
    spending: new Map(
      other === null
        ? []
        : [[2, { spent: () => other, look: () => (looked += 1), closed: new Promise<void>(() => {}) }]],
    ),
    item: (id: string) => items.find((one) => one.id === id)!,
  }
  let ended = 0
  const budget = turnBudget(world, { item: '001', fence: 1 }, () => (ended += 1))
  const uses = (tokens: number) => budget.hear({ kind: 'usage', tokens })
  return { uses, ended: () => ended, looked: () => looked, close: () => budget.close(), world }
}

const tokens = (many: number): Spent => ({ tokens: many, ms: 0 })

test.each<[string, object, Readonly<Record<string, Spent>>, Spent | null, number, string]>([
  ['of the turn', { turnTokens: 100 }, {}, null, 100, 'turn'],
  ['of the item, with what it used before', {}, { '001': tokens(200) }, null, 100, 'item'],
  ['of the item, which names its own', { itemTokens: 10 }, {}, null, 300, 'item'],
  ['of the batch, with other items', { batchTokens: 1000 }, { '002': tokens(800) }, null, 200, 'batch'],
  [
    'of the batch, with others at work',
    { batchTokens: 1000 },
    { '002': tokens(800) },
    tokens(150),
    50,
    'batch',
  ],
])('the limit in tokens %s ends a turn, and not before', (_, limits, spent, other, at, over) => {
  const one = turn(limits, spent, other)
  one.uses(at - 1)
  expect(one.ended()).toBe(0)
  one.uses(at)
  one.uses(at + 1)
  expect(one.ended()).toBe(1)
  // Others at work are told to look, too.
  expect(one.looked()).toBe(other === null ? 0 : 1)
  expect(one.close().over).toBe(over)
})

test('minutes: of the item until they are over, and of the batch the sooner the more are at work', () => {
  jest.useFakeTimers()
  const minute = 60_000
  const one = turn({}, { '001': { tokens: 0, ms: 2 * minute } })
  jest.advanceTimersByTime(minute - 10)
  expect(one.ended()).toBe(0)
  jest.advanceTimersByTime(20)
  expect(one.ended()).toBe(1)
  expect(one.close()).toMatchObject({ over: 'item' })

  const began = performance.now()
  const other = { tokens: 0, ms: 0 }
  const two = turn({ batchMinutes: 4 }, { '002': { tokens: 0, ms: 2 * minute } }, other)
  const follow = setInterval(() => (other.ms = performance.now() - began), 100)
  jest.advanceTimersByTime(minute - 200)
  expect(two.ended()).toBe(0)
  jest.advanceTimersByTime(400)
  expect(two.ended()).toBe(1)
  clearInterval(follow)
  expect(two.close()).toMatchObject({ over: 'batch' })
})

/** The first attempt at 001 after these events. */
function attemptAfter(...events: readonly NewBatchEvent[]): AttemptState | undefined {
  const of = { item: '001', fence: 1 }
  const all: readonly NewBatchEvent[] = [
    { type: 'batch-opened', data: openedWith(items) },
    { type: 'attempt-opened', data: { ...of, attempt: 1, base: 'b', digest: sha256('d'), agent: 'a' } },
    { type: 'worktree-ready', data: { ...of, worktree: 'w' } },
    { type: 'turn-begun', data: { ...of, turn: 1 } },
    { type: 'conversation', data: { ...of, conversation: 'c' } },
    ...events,
  ]
  const state = all.reduce<BatchState | null>(
    (before, event, at) =>
      addEvent(before, { seq: at + 1, at, prev: '', hash: sha256(String(at)), ...event }),
    null,
  )
  return state?.attempts.get(1)
}

test('a turn that a limit cut short is taken again in its conversation, and one that reached its own is over', () => {
  const ended = (over: 'turn' | 'item' | 'batch'): NewBatchEvent => ({
    type: 'turn-ended',
    data: { item: '001', fence: 1, outcome: { kind: 'budget' }, over },
  })
  for (const over of ['item', 'batch'] as const)
    expect(attemptAfter(ended(over))).toMatchObject({ turn: 0, conversation: 'c', stage: { at: 'ready' } })
  expect(attemptAfter(ended('turn'))).toMatchObject({ turn: 1, conversation: 'c', stage: { at: 'turned' } })
})

test('a context that is full begins another conversation three times, and then the attempt is over', () => {
  const full: NewBatchEvent = {
    type: 'turn-ended',
    data: { item: '001', fence: 1, outcome: { kind: 'context-full' }, tokens: 5 },
  }
  const again: NewBatchEvent = { type: 'turn-begun', data: { item: '001', fence: 1, turn: 2 } }
  const told = { kind: 'facts', last: { kind: 'item' } }
  expect(attemptAfter(full)).toMatchObject({ conversation: null, spent: 0, stage: { at: 'ready', told } })
  expect(attemptAfter(full, again, full, again, full)).toMatchObject({ stage: { at: 'ready', told } })
  expect(attemptAfter(full, again, full, again, full, again, full)).toMatchObject({ stage: { at: 'turned' } })
})

test('no turn begins while others at work have reached the limit of the batch, and is decided on anew once one has ended', async () => {
  const one = turn({ batchTokens: 1000 }, { '002': tokens(800) })
  expect(await mayBegin(one.world)).toBe(true)
  one.uses(200)
  const asked = mayBegin(one.world)
  one.close()
  expect(await asked).toBe(false)
  expect(await mayBegin(one.world)).toBe(true)
})
