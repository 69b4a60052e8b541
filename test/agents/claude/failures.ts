import { expect } from '@jest/globals'
import type { Outcome } from '../../../src/agents/agent.ts'
import { type MessageAnswer, say } from '../../rig/messages-api.ts'

/* Ways in which the service behind the real Claude Code fails, and what a turn ends with. */

export const refusal = (
  status: number,
  type: string,
  message = 'x',
  headers: Readonly<Record<string, string>> = {},
): MessageAnswer => ({ status, error: { type, message }, headers })

/** One that is far off is not told. */
const RESET = Math.floor(Date.now() / 1000) + 3600
/** As the service says it where a subscription pays; seconds since the epoch. */
export const limitUntil = (reset: number): Readonly<Record<string, string>> => ({
  'anthropic-ratelimit-unified-status': 'rejected',
  'anthropic-ratelimit-unified-reset': String(reset),
  'anthropic-ratelimit-unified-representative-claim': 'five_hour',
  'anthropic-ratelimit-unified-5h-status': 'rejected',
  'anthropic-ratelimit-unified-5h-reset': String(reset),
  'anthropic-ratelimit-unified-5h-utilization': '1.0',
})

interface Parts {
  /** A subscription pays, not a key. */
  readonly isSubscription?: boolean
}
type Row = readonly [name: string, failure: MessageAnswer, outcome: Outcome, parts?: Parts]
const isSubscription = true
const credit = 'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.'

/** After these the same conversation is gone on with. */
export const failures: readonly Row[] = [
  [
    'a quota with a time',
    refusal(429, 'rate_limit_error', 'limit', limitUntil(RESET)),
    { kind: 'quota', resetsAt: RESET * 1000 },
    { isSubscription },
  ],
  ['too many requests of a key', refusal(429, 'rate_limit_error'), { kind: 'overloaded' }],
  [
    'too many requests of a subscription',
    refusal(429, 'rate_limit_error'),
    { kind: 'overloaded' },
    { isSubscription },
  ],
  ['no money', refusal(400, 'invalid_request_error', credit), { kind: 'quota', resetsAt: null }],
  ['402', refusal(402, 'billing_error'), { kind: 'quota', resetsAt: null }],
  ['401', refusal(401, 'authentication_error'), { kind: 'signed-out' }],
  ['401 of a subscription', refusal(401, 'authentication_error'), { kind: 'signed-out' }, { isSubscription }],
  ['403', refusal(403, 'permission_error'), { kind: 'signed-out' }],
  ['404', refusal(404, 'not_found_error', 'model: x'), { kind: 'model-unknown' }],
  ['400', refusal(400, 'invalid_request_error', 'messages: bad'), { kind: 'rejected' }],
  ['413', refusal(413, 'request_too_large'), { kind: 'rejected' }],
  [
    'a request that is too long',
    refusal(400, 'invalid_request_error', 'prompt is too long: 250000 tokens > 200000 maximum'),
    { kind: 'context-full' },
  ],
  [
    'a full context',
    { says: [say('half')], stop: 'model_context_window_exceeded' },
    { kind: 'context-full' },
  ],
  ['500', refusal(500, 'api_error'), { kind: 'overloaded' }],
  ['529', refusal(529, 'overloaded_error'), { kind: 'overloaded' }],
  ['504', refusal(504, 'timeout_error'), { kind: 'overloaded' }],
  ['408', refusal(408, 'timeout_error'), { kind: 'network' }],
  ['connections that end before any answer', { disconnect: 'before' }, { kind: 'network' }],
  ['streams that break off', { disconnect: 'mid' }, { kind: 'network' }],
  ['a refusal', { says: [say('no')], stop: 'refusal' }, { kind: 'refused' }],
]

/** What it says instead of an answer in the form that is asked for. */
export const spoken: readonly Row[] = [
  ['prose', [say('Done!')], { kind: 'unreadable', why: expect.any(String) as unknown as string }],
  ['no word', [], { kind: 'finished', answer: { status: 'continue', summary: '' } }],
]
