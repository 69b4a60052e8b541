import { expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import type { Outcome } from '../../src/agents/agent.ts'
import type { Item } from '../../src/backlog/item.ts'
import { takenIn } from '../../src/supervisor/orders/approved-since.ts'
import { textAccepted } from '../../src/supervisor/orders/text-accepted.ts'
import type { GoalAnswer, NewBatchEvent } from '../../src/supervisor/record/events.ts'
import { agentState } from '../../src/supervisor/record/fold-agents.ts'
import { addEvent } from '../../src/supervisor/record/fold.ts'
import type { BatchState } from '../../src/supervisor/record/state.ts'
import { itemOf, markdown } from '../backlog/rig.ts'
import { openedWith } from './opened.ts'

/* A person's new text and what is under way for the old one. */

const [old, other] = ['a/**', 'b/**'].map((scope) => itemOf('001-a.md', markdown(`scope: [${scope}]`)))
if (old === undefined || other === undefined) throw new Error('two texts')
const beside = itemOf('002-b.md', markdown('scope: [c/**]'))
const frozen = ({ id, file, digest, text }: Item) => ({ id, file, digest, text })

function played(...events: readonly NewBatchEvent[]): BatchState {
  return goingOn(null, { type: 'batch-opened', data: openedWith([old!]) }, ...events)
}

function goingOn(from: BatchState | null, ...events: readonly NewBatchEvent[]): BatchState {
  let state = from
  for (const event of events) {
    const seq = (state?.seq ?? 0) + 1
    state = addEvent(state, { seq, at: seq, prev: '', hash: sha256(String(seq)), ...event })
  }
  if (state === null) throw new Error('no batch')
  return state
}

const at = { item: '001', fence: 1 }
const opening: readonly NewBatchEvent[] = [
  { type: 'attempt-opened', data: { ...at, attempt: 1, base: 'base', digest: old.digest, agent: 'mine' } },
  { type: 'worktree-ready', data: { ...at, worktree: 'w' } },
]
const verdict = {
  record: 'r',
  ledgerHead: '',
  head: 'base',
  tree: 't',
  layers: [],
  verdict: 'release',
  signature: sha256('s'),
  blockers: [],
  red: [],
  without: [],
} as const
const released = (claim?: GoalAnswer): readonly NewBatchEvent[] => [
  ...opening,
  { type: 'turn-begun', data: { ...at, turn: 1 } },
  {
    type: 'turn-ended',
    data: {
      ...at,
      outcome: { kind: 'finished', answer: { status: 'complete', summary: '' } },
      ...(claim === undefined ? {} : { claim }),
    },
  },
  { type: 'candidate', data: { ...at, commit: 'c', tree: 't', changed: 1 } },
  { type: 'judged', data: { ...at, ...verdict } },
]
const moves = { ...at, commit: 'h', from: 'base' }
const arriving: readonly NewBatchEvent[] = [
  { type: 'integrating', data: moves },
  { type: 'integrated', data: moves },
]
const over: NewBatchEvent = {
  type: 'attempt-ended',
  data: { ...at, failure: null, counted: false, rescue: null, setAside: null },
}
const standing = ({ items }: BatchState): string | undefined => items.get('001')?.standing.kind

test('one that is taken in by run --continuous ends the attempt at the old one, which is judged by nothing any more', () => {
  const state = played(...released())
  const events = takenIn([other], state)
  expect(events.map((one) => one.type)).toEqual(['attempt-ending', 'item-accepted'])
  expect(goingOn(state, ...events).attempts.get(1)?.stage.at).toBe('ending')
})

test('work that is on its way into the head arrives, and its item is open again for the new text', () => {
  const before = played(...released(), arriving[0]!)
  const events = textAccepted(frozen(other), before)
  expect(events.map((one) => one.type)).toEqual(['item-accepted'])
  const after = goingOn(before, ...events, arriving[1]!)
  expect(after.head).toBe('h')
  const ended = goingOn(after, over)
  expect(standing(ended)).toBe('open')
  expect(ended.items.get('001')?.frozen.digest).toBe(other.digest)
  // With the text that it had it is done.
  expect(standing(goingOn(before, arriving[1]!, over))).toBe('done')
})

test('what an agent said towards one plan settles nothing of another', () => {
  const goal = { scope: ['a/**'], rules: null } as const
  const claim: GoalAnswer = {
    summary: '',
    nextGoal: 'next of the old plan',
    stop: false,
    reason: '',
    evidence: '',
    completed: true,
  }
  const plan = { ...frozen(old), goal }
  const begun = goingOn(null, { type: 'batch-opened', data: { ...openedWith([]), items: [plan] } })
  const before = goingOn(begun, ...released(claim), ...arriving)
  expect(standing(goingOn(before, over))).toBe('done')
  const accepted = goingOn(before, {
    type: 'item-accepted',
    data: { item: { ...frozen(other), goal } },
  })
  const ended = goingOn(accepted, over)
  expect(standing(ended)).toBe('open')
  expect(ended.items.get('001')?.goal).toMatchObject({ present: accepted.items.get('001')?.goal?.present })
  expect(ended.items.get('001')?.goal?.present).not.toContain('old plan')
})

test('an item that is new opens a batch that was completed, whatever comes next', () => {
  const completed = played(...released(), ...arriving, over, { type: 'rested', data: { state: 'completed' } })
  expect(completed.rest).toEqual({ state: 'completed' })
  expect(goingOn(completed, ...textAccepted(frozen(beside), completed)).rest).toBeNull()
})

test('one that was done is open before it has the new text: a record that is torn in between loses neither', () => {
  const done = played(...released(), ...arriving, over)
  const events = takenIn([other], done)
  expect(events.map((one) => one.type)).toEqual(['item-reopened', 'item-accepted'])
  expect(standing(goingOn(done, events[0]!))).toBe('open')
})

test('work in the head takes failures back, and no missing sign-in and no pause', () => {
  const second = { item: '002', fence: 2 }
  const all = (outcome: Outcome): BatchState =>
    goingOn(
      null,
      { type: 'batch-opened', data: openedWith([old, beside]) },
      ...released(),
      {
        type: 'attempt-opened',
        data: { ...second, attempt: 1, base: 'base', digest: beside.digest, agent: 'mine' },
      },
      { type: 'worktree-ready', data: { ...second, worktree: 'v' } },
      { type: 'turn-begun', data: { ...second, turn: 1 } },
      { type: 'turn-ended', data: { ...second, outcome } },
      { type: 'backed-off', data: { until: 99, why: 'overloaded', fence: 2, agent: 'mine' } },
      ...arriving,
    )
  expect(agentState(all({ kind: 'signed-out' }), 'mine')).toMatchObject({
    unusable: 'signed-out',
    waits: { until: 99 },
  })
  expect(agentState(all({ kind: 'silent' }), 'mine')).toMatchObject({ failures: 0, unusable: null })
})
