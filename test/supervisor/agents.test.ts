import { expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import { supervisorOf } from '../../src/contract/supervisor/settings.ts'
import { type AgentPlan, agentNow, agentWait, takesOver } from '../../src/supervisor/decide/agents.ts'
import type { NewBatchEvent } from '../../src/supervisor/record/events.ts'
import { addEvent } from '../../src/supervisor/record/fold.ts'
import type { AttemptState, BatchState } from '../../src/supervisor/record/state.ts'
import { configObject, configOf, itemOf, markdown } from '../backlog/rig.ts'
import { openedWith } from './opened.ts'

const NOW = 1_000_000
const agent = { adapter: 'command', argv: ['./a.sh'] }
const agents = { first: agent, second: agent, third: agent }
const items = [
  itemOf('001-a.md', markdown('scope: [a/**]')),
  itemOf(
    '002-b.md',
    markdown('scope: [b/**]\nagent: first'),
    configOf({ ...configObject, supervisor: { agents } }),
  ),
]

type Why = 'quota' | 'overloaded'

function planOf(onQuota: 'wait' | 'next', suspended: Readonly<Record<string, Why>>): AgentPlan {
  return {
    items: new Map(items.map((one) => [one.id, one])),
    settings: supervisorOf(configOf({ ...configObject, supervisor: { agents, onQuota } })),
    suspended: new Map(Object.entries(suspended).map(([name, why]) => [name, { until: NOW + 1, why }])),
  }
}

function stateOf(...events: readonly NewBatchEvent[]): BatchState {
  const all = [{ type: 'batch-opened', data: openedWith(items) } as const, ...events]
  const state = all.reduce<BatchState | null>(
    (before, event, at) =>
      addEvent(before, { seq: at + 1, at: NOW, prev: '', hash: sha256(String(at)), ...event }),
    null,
  )
  if (state === null) throw new Error('no batch')
  return state
}

const signedOut = (fence: number, name: string): readonly NewBatchEvent[] => [
  {
    type: 'attempt-opened',
    data: { item: '001', fence, attempt: 1, base: 'b', digest: sha256('d'), agent: name },
  },
  { type: 'worktree-ready', data: { item: '001', fence, worktree: 'w' } },
  { type: 'turn-begun', data: { item: '001', fence, turn: 1 } },
  { type: 'turn-ended', data: { item: '001', fence, outcome: { kind: 'signed-out' } } },
]

test.each<[string, 'wait' | 'next', Readonly<Record<string, Why>>, readonly NewBatchEvent[], string, string]>(
  [
    ['nobody is suspended: the first', 'next', {}, [], 'first', 'first'],
    ['to wait is to wait', 'wait', { first: 'quota' }, [], 'first', 'first'],
    [
      'the next one of the role, and not for an item that names its own',
      'next',
      { first: 'quota' },
      [],
      'second',
      'first',
    ],
    ['a service in the way is not a quota', 'next', { first: 'overloaded' }, [], 'first', 'first'],
    ['the next that can be asked', 'next', { first: 'quota', second: 'overloaded' }, [], 'third', 'first'],
    [
      'one that is not signed in is passed over',
      'next',
      { first: 'quota' },
      signedOut(1, 'second'),
      'third',
      'first',
    ],
    [
      'none is left: the first is waited for',
      'next',
      { first: 'quota', second: 'quota', third: 'quota' },
      [],
      'first',
      'first',
    ],
  ],
)('who begins an item, and who takes it over: %s', (_, onQuota, suspended, events, any, named) => {
  const moment = { state: stateOf(...events), plan: planOf(onQuota, suspended), now: NOW }
  expect([agentNow(moment, '001'), agentNow(moment, '002')]).toEqual([any, named])
  const attempt = (item: string) => ({ item, agent: 'first' }) as AttemptState
  expect(takesOver(moment, attempt('001'))).toBe(any === 'first' ? null : any)
  expect(takesOver(moment, attempt('002'))).toBeNull()
})

test('a suspension is over at its time', () => {
  const moment = { state: stateOf(), plan: planOf('wait', { first: 'quota' }), now: NOW }
  expect(agentWait(moment, 'first')).toEqual({ until: NOW + 1, why: 'quota', isQuota: true })
  expect(agentWait({ ...moment, now: NOW + 1 }, 'first')).toBeNull()
})
