import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { holds } from '../rig/long.ts'
import { sha256 } from '../../src/base/hash.ts'
import { beginning, encodeEvents } from '../../src/ledger/chain.ts'
import type { LedgerEvent, NewEvent } from '../../src/ledger/events.ts'
import { emptyState, fold } from '../../src/ledger/fold.ts'
import { openRun } from '../../src/ledger/state.ts'
import { isOpen, isProvisional } from '../../src/verdict/standing.ts'
import { newEvent, newEvents } from './arbitrary.ts'
import { activation, command, stop } from './world.ts'

const minute = 60_000
const begin: NewEvent = { type: 'activated', data: activation() }
const prompt: NewEvent = { type: 'prompt', data: { sha256: sha256('p'), turnId: 'turn-1' } }
const paused: NewEvent = { type: 'paused', data: { by: 'prompt', reason: null } }
const resumed: NewEvent = { type: 'resumed', data: { by: 'prompt', reason: null } }
const resumedByAgent: NewEvent = { type: 'resumed', data: { by: 'agent', reason: null } }
const wait: NewEvent = { type: 'wait', data: { reason: 'a key', token: 't', by: 'agent' } }
const plan: NewEvent = { type: 'plan', data: { plan: [{ step: 'one', status: 'pending' }] } }
const compact: NewEvent = { type: 'session', data: { source: 'compact', cwd: '/repo' } }
const again: NewEvent = { type: 'session', data: { source: 'resume', cwd: '/repo' } }
const waived: NewEvent = { type: 'closed', data: { how: 'waived', by: 'prompt', reason: 'enough' } }
const waiting = { kind: 'wait', reason: 'a key' } as const
const park = stop({ outcome: { verdict: 'park', park: waiting } })
const limit = { kind: 'limit', limit: 'maxStopIterations', reached: 2, allowed: 2 } as const
const halt = stop({ outcome: { verdict: 'halt', halt: limit } })
const digest = sha256('digest')
const definition = { kind: 'definition', digest } as const
const drift = { digest, changes: [], undoable: true }
const server = { pid: 7, start: '3', command: 'vite' }
const named = stop({ blockers: [{ kind: 'background', processes: [server] }] })
const [unmoved, moved] = [stop(), stop({ workspace: sha256('moved') })]

const accepted: NewEvent = {
  type: 'amended',
  data: { digest, changes: [], activation: activation(), by: 'prompt', reason: null },
}

/** Events a minute apart, the first at minute 1. */
function events(...list: NewEvent[]): LedgerEvent[] {
  let at = beginning
  return list.flatMap((event, index) => {
    const one = encodeEvents(at, null, (index + 1) * minute, [event]).events
    at = { ...at, seq: at.seq + 1, head: one[0]?.hash ?? '' }
    return one
  })
}

const run = (...list: NewEvent[]) => fold(events(begin, ...list)).runs.at(-1)

describe('what a run becomes', () => {
  const rows: [string, NewEvent[], object][] = [
    ['begun', [], { status: 'active', iteration: 0, limitsFrom: minute, createdAt: minute }],
    [
      'blocked twice',
      [unmoved, unmoved],
      { status: 'active', iteration: 2, stops: 2, repeated: 2, lastStopSeq: 3 },
    ],
    ['blocked, the work moved', [unmoved, unmoved, moved], { iteration: 3, repeated: 1 }],
    ['another blocker', [unmoved, stop({ signature: sha256('other') })], { repeated: 1 }],
    ['released', [stop({ outcome: { verdict: 'release' } })], { status: 'released', iteration: 0, stops: 1 }],
    [
      'waived',
      [waived],
      { status: 'waived', closed: { how: 'waived', by: 'prompt', reason: 'enough', at: 2 * minute } },
    ],
    [
      'closed, then anything',
      [waived, unmoved, prompt, resumed],
      { status: 'waived', stops: 0, heartbeatAt: 2 * minute },
    ],
    ['halted', [unmoved, halt], { status: 'halted', halt: limit, iteration: 2 }],
    ['halted, prompted', [halt, prompt], { status: 'halted' }],
    ['halted, paused', [halt, paused], { status: 'halted', halt: limit }],
    [
      'halted, resumed by a person',
      [named, halt, resumed],
      { status: 'active', iteration: 0, repeated: 0, limitsFrom: 4 * minute, named: [], shownDrifts: [] },
    ],
    [
      'halted, resumed by an agent whose policy allows it',
      [unmoved, halt, resumedByAgent],
      { status: 'active', iteration: 2, repeated: 2, limitsFrom: minute },
    ],
    ['waits', [wait], { status: 'active', wait: { reason: 'a key', token: 't', seq: 2 } }],
    ['waits, blocked', [wait, unmoved], { wait: { reason: 'a key', token: 't', seq: 2 } }],
    [
      'parked',
      [wait, park],
      { status: 'parked', park: waiting, wait: null, waitedAt: [sha256('workspace')] },
    ],
    [
      'parked for another cause while it waits',
      [wait, stop({ outcome: { verdict: 'park', park: definition } })],
      { status: 'parked', waitedAt: [], wait: { reason: 'a key', token: 't', seq: 2 } },
    ],
    [
      'parked, prompted',
      [wait, unmoved, park, prompt],
      { status: 'active', waitedAt: [], repeated: 0, iteration: 1, limitsFrom: 2 * minute },
    ],
    ['parked, resumed', [unmoved, park, resumed], { status: 'active', iteration: 0, limitsFrom: 4 * minute }],
    ['paused', [paused], { status: 'paused', statusSince: 2 * minute }],
    [
      'paused, resumed',
      [unmoved, paused, again, resumed],
      { status: 'active', iteration: 1, limitsFrom: 3 * minute },
    ],
    ['paused, prompted', [paused, prompt], { status: 'paused' }],
    ['resumed while active', [unmoved, resumed], { status: 'active', iteration: 1, limitsFrom: minute }],
    [
      'a plan',
      [plan],
      { plan: { items: [{ step: 'one', status: 'pending' }], at: 2 * minute, stale: false } },
    ],
    [
      'a plan and a compaction',
      [plan, compact],
      { plan: expect.objectContaining({ stale: false }) as never },
    ],
    ['a plan and a resume', [plan, again], { plan: expect.objectContaining({ stale: true }) as never }],
    [
      'a plan after a resume',
      [plan, again, plan],
      { plan: expect.objectContaining({ stale: false }) as never },
    ],
    ['prompted', [prompt], { unjudgedTurn: 'turn-1' }],
    // A block is not the end of its turn.
    ['prompted and blocked', [prompt, unmoved], { unjudgedTurn: 'turn-1' }],
    ['blocked in a turn that nobody named', [unmoved], { unjudgedTurn: '' }],
    ['prompted and parked', [prompt, park], { unjudgedTurn: null }],
    ['prompted and paused', [prompt, paused], { unjudgedTurn: null }],
    [
      'a command that could not run, then another stop without it, then again',
      [
        stop({ commands: [command('test', 'could-not-run'), command('lint', 'passed')] }),
        stop(),
        stop({ commands: [command('test', 'could-not-run')] }),
      ],
      { couldNotRun: { test: 2 } },
    ],
    [
      'a command that ran again',
      [
        stop({ commands: [command('test', 'could-not-run')] }),
        stop({ commands: [command('test', 'failed')] }),
      ],
      { couldNotRun: {} },
    ],
    [
      'gates on an untouched workspace, the last word of each, and later ones that say nothing of the start',
      [
        stop({ untouched: true, commands: [command('test', 'failed'), command('lint', 'passed')] }),
        stop({ untouched: true, commands: [command('lint', 'failed', { cause: 'zero-tests' })] }),
        stop({ commands: [command('test', 'passed')] }),
      ],
      {
        startGates: {
          test: { outcome: 'failed', cause: 'exit' },
          lint: { outcome: 'failed', cause: 'zero-tests' },
        },
      },
    ],
    ['processes that were named', [named, named, stop()], { named: ['7/3'] }],
    ['a difference that was shown', [stop({ drift }), stop({ drift }), stop()], { shownDrifts: [digest] }],
    [
      'limits',
      [
        {
          type: 'limits',
          data: { limits: { maxStopIterations: 3, maxRepeatedFailureSignature: 2 }, by: 'prompt' },
        },
      ],
      {
        contract: {
          ...activation().contract,
          limits: { maxStopIterations: 3, maxRepeatedFailureSignature: 2 },
        },
      },
    ],
    [
      'refined',
      [
        {
          type: 'refined',
          data: {
            contract: { ...activation().contract, objective: 'more' },
            contractHash: sha256('more'),
            added: [],
            replacedT1: false,
            by: 'agent',
            requestId: 'request-2',
          },
        },
      ],
      {
        contract: { ...activation().contract, objective: 'more' },
        requestIds: ['request-2'],
        activation: activation(),
      },
    ],
    [
      'amended',
      [
        {
          type: 'amended',
          data: {
            digest: sha256('d'),
            changes: [],
            activation: activation({ gatePath: '/bin' }),
            by: 'prompt',
            reason: null,
          },
        },
      ],
      { activation: activation({ gatePath: '/bin' }), contract: activation().contract },
    ],
    [
      'parked over a definition that a person then accepted',
      [stop({ drift, outcome: { verdict: 'park', park: definition } }), accepted],
      { status: 'parked', park: { kind: 'accepted', digest } },
    ],
    [
      'refused',
      [{ type: 'refused', data: { action: 'disable', by: 'agent', why: 'no' } }],
      { status: 'active' },
    ],
    [
      'unjudged',
      [{ type: 'unjudged', data: { why: 'git is gone', payloadSha256: sha256('p') } }],
      { status: 'active', stops: 0, iteration: 0, lastStop: null },
    ],
    ['repaired', [{ type: 'repaired', data: { bytes: 3, sha256: sha256('') } }], { status: 'active' }],
  ]
  test.each(rows)('%s', (_what, list, expected) => {
    expect(run(...list)).toMatchObject(expected)
  })

  test('a second activation does not loosen an open run; after its end it begins the next', () => {
    const other: NewEvent = { type: 'activated', data: activation({ runId: 'run-2' }) }
    expect(fold(events(begin, other)).runs.map((one) => one.runId)).toEqual(['run-1'])
    expect(fold(events(begin, waived, other)).runs.map((one) => [one.runId, one.status])).toEqual([
      ['run-1', 'waived'],
      ['run-2', 'active'],
    ])
  })

  test('a clock that goes back takes nothing away', () => {
    const [a, b, c] = events(begin, paused, resumed)
    if (!a || !b || !c) throw new Error('three events')
    const back = fold([a, b, { ...c, at: -minute }])
    expect(back.runs[0]).toMatchObject({ status: 'active', limitsFrom: minute, heartbeatAt: -minute })
  })
})

describe('for any events', () => {
  const all = newEvents.map((list) => events(...list))

  test('folding in pieces is folding at once, and changes nothing it was given', () => {
    holds(
      100,
      fc.property(all, fc.nat(30), (list, cut) => {
        const first = fold(list.slice(0, cut))
        const copy = JSON.stringify(first)
        expect(fold(list.slice(cut), first)).toEqual(fold(list))
        expect(JSON.stringify(first)).toBe(copy)
      }),
    )
  })

  test('only the last run can be open, and only a stop releases', () => {
    holds(
      100,
      fc.property(all, (list) => {
        const state = fold(list)
        expect(state.runs.slice(0, -1).some(isOpen)).toBe(false)
        expect(state.runs.slice(0, -1).some(isProvisional)).toBe(false)
        expect(state.seq).toBe(list.length)
        const releases = list.filter((event) => event.type === 'stop' && event.data.verdict === 'release')
        expect(state.runs.filter((one) => one.status === 'released').length).toBeLessThanOrEqual(
          releases.length,
        )
      }),
    )
  })

  test('a state is the same after JSON, as a checkpoint keeps it', () => {
    holds(
      100,
      fc.property(all, newEvent, (list, next) => {
        const state = fold(list)
        const kept = JSON.parse(JSON.stringify(state)) as typeof state
        expect(kept).toEqual(state)
        const [event] = encodeEvents({ ...beginning, seq: state.seq, head: state.head }, null, 1, [
          next,
        ]).events
        if (event) expect(fold([event], kept)).toEqual(fold([event], state))
      }),
    )
  })

  test('nothing is the empty state', () => {
    expect(fold([])).toEqual(emptyState)
    expect(openRun(emptyState)).toBeUndefined()
  })
})
