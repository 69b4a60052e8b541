import { expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import { childrenAtWork } from '../../src/hooks/children.ts'
import { stillHolds } from '../../src/judging/still-holds.ts'
import { beginning, encodeEvents } from '../../src/ledger/chain.ts'
import type { NewEvent } from '../../src/ledger/events.ts'
import { fold } from '../../src/ledger/fold.ts'
import type { RunState } from '../../src/ledger/state.ts'
import type { Judgement } from '../../src/verdict/judgement.ts'
import { activation, stopRecord } from '../ledger/data.ts'

const before: NewEvent[] = [
  { type: 'activated', data: activation() },
  { type: 'wait', data: { reason: 'help', token: 't', by: 'agent' } },
  child('known', 'started'),
  child('known', 'stopped'),
]
function child(id: string, what: 'started' | 'stopped'): NewEvent {
  return { type: 'child', data: { id, what, agentType: null, transcript: null, codex: null } }
}
/** Each event a second after the one before. */
function runAfter(...events: NewEvent[]): RunState {
  let at = beginning
  const all = [...before, ...events].flatMap((event, index) => {
    const { events: encoded } = encodeEvents(at, null, index * 1000, [event])
    const [one] = encoded
    if (!one) throw new Error('one event')
    at = { ...at, seq: one.seq, head: one.hash }
    return [one]
  })
  const run = fold(all).runs[0]
  if (!run) throw new Error('no run')
  return run
}
const release: Judgement = stopRecord({ outcome: { verdict: 'release' } })
const block: Judgement = stopRecord({ outcome: { verdict: 'block', cause: 'outstanding' } })
const wait: Judgement = stopRecord({
  outcome: { verdict: 'park', park: { kind: 'wait', reason: 'help' } },
})
const amended: NewEvent = {
  type: 'amended',
  data: {
    digest: sha256('d'),
    changes: [],
    activation: activation({ configSha256: sha256('another config') }),
    by: 'prompt',
    reason: null,
  },
}
const prompt: NewEvent = { type: 'prompt', data: { sha256: sha256('p'), turnId: null } }
const plan: NewEvent = { type: 'plan', data: { plan: [] } }
const closed: NewEvent = { type: 'closed', data: { how: 'waived', by: 'prompt', reason: null } }

test.each<[string, Judgement, NewEvent[], 'holds' | 'run-left' | 'run-changed']>([
  ['nothing happened', release, [], 'holds'],
  ['bookkeeping', release, [plan], 'holds'],
  ['closed', block, [closed], 'run-left'],
  ['paused', release, [{ type: 'paused', data: { by: 'prompt', reason: null } }], 'run-left'],
  ['only the config was accepted anew', block, [amended], 'run-changed'],
  [
    'a child began and ended again',
    release,
    [child('new', 'started'), child('new', 'stopped')],
    'run-changed',
  ],
  ['a known child began again', release, [child('known', 'started')], 'run-changed'],
  ['a child began, while held anyway', block, [child('new', 'started')], 'holds'],
  ['the person spoke, so nobody need wait', wait, [prompt], 'run-changed'],
  ['the person spoke', release, [prompt], 'holds'],
])('%s', (_what, decision, meanwhile, expected) => {
  const held = stillHolds(decision, runAfter(), runAfter(...meanwhile), (now) =>
    childrenAtWork(now, 1_000_000_000),
  )
  expect(held.ok ? 'holds' : held.error.code).toBe(expected)
})
