import { expect } from '@jest/globals'
import type { Outcome } from '../../../src/agents/agent.ts'
import type { ModelAnswer } from '../../../src/prove/model/scripted-model.ts'
import { usageLimit } from '../../../src/prove/model/usage-limit.ts'
import { message } from '../../rig/codex.ts'
import type { CodexLabParts } from './rig.ts'

/* Ways in which the service behind the real Codex fails, and what a turn ends with. */

const RESET = 1_900_000_000
export const refusal = (status: number, code: string, headers?: Record<string, string>): ModelAnswer => ({
  status,
  body: { error: { code, type: code, message: 'x' } },
  ...(headers && { headers }),
})

type Row = readonly [name: string, failure: ModelAnswer, outcome: Outcome, parts?: CodexLabParts]

/** After these the same conversation is gone on with. */
export const failures: readonly Row[] = [
  ['a quota with a time', usageLimit(RESET), { kind: 'quota', resetsAt: RESET * 1000 }],
  ['a quota without one', usageLimit(), { kind: 'quota', resetsAt: null }],
  ['no money', refusal(429, 'insufficient_quota'), { kind: 'quota', resetsAt: null }],
  ['too many requests', refusal(429, 'rate_limit_exceeded'), { kind: 'overloaded' }],
  ['a plan without it', refusal(429, 'usage_not_included'), { kind: 'quota', resetsAt: null }],
  ['500', refusal(500, 'server_error'), { kind: 'overloaded' }],
  ['503', refusal(503, 'server_is_overloaded'), { kind: 'overloaded' }],
  ['503 slow_down', refusal(503, 'slow_down'), { kind: 'network' }, { retries: 1 }],
  ['401', refusal(401, 'unauthorized'), { kind: 'signed-out' }],
  ['403', refusal(403, 'forbidden'), { kind: 'signed-out' }],
  ['404', refusal(404, 'model_not_found'), { kind: 'model-unknown' }],
  ['a full context', { failed: { code: 'context_length_exceeded', message: 'x' } }, { kind: 'context-full' }],
  ['a request that is too long', refusal(400, 'context_length_exceeded'), { kind: 'context-full' }],
  [
    'a stream that says overloaded',
    { failed: { code: 'server_is_overloaded', message: 'x' } },
    { kind: 'overloaded' },
  ],
  [
    'a stream that says no money',
    { failed: { code: 'insufficient_quota', message: 'x' } },
    { kind: 'quota', resetsAt: null },
  ],
  ['connections that end before any answer', { disconnect: 'before' }, { kind: 'network' }, { retries: 1 }],
  ['streams that end too early', { items: [], incomplete: true }, { kind: 'network' }, { retries: 1 }],
  ['streams that break off', { disconnect: 'mid' }, { kind: 'network' }, { retries: 1 }],
  ['400', refusal(400, 'invalid_request_error'), { kind: 'rejected' }],
]

/** What it says instead of an answer. */
export const answers: readonly Row[] = [
  [
    'an answer in prose',
    [message('Done!')],
    { kind: 'unreadable', why: expect.any(String) as unknown as string },
  ],
  ['no word', [], { kind: 'finished', answer: { status: 'continue', summary: '' } }],
]
