import { afterEach, expect, test } from '@jest/globals'
import type { Outcome } from '../../../src/agents/agent.ts'
import type { ModelAnswer } from '../../../src/prove/model/scripted-model.ts'
import { execCommand, inOrder, message } from '../../rig/codex.ts'
import { codexVersions, currentCodex } from '../../rig/binaries.ts'
import { long } from '../../rig/long.ts'
import { watch } from '../rig.ts'
import { type CodexLab, type CodexLabParts, makeCodexLab } from './rig.ts'

/*
 * How a turn of the real Codex ends, by what the service does. The first request runs a command, so that each failure comes in the
 * middle of a turn. Shown on both releases in the long form.
 */

let lab: CodexLab | undefined
afterEach(async () => lab?.close())

const RESET = 1_900_000_000
const usageLimit = (resets?: number): ModelAnswer => ({
  status: 429,
  body: {
    error: {
      type: 'usage_limit_reached',
      message: 'x',
      plan_type: 'pro',
      ...(resets === undefined ? {} : { resets_at: resets }),
    },
  },
  ...(resets === undefined
    ? {}
    : {
        headers: {
          'x-codex-primary-used-percent': '100',
          'x-codex-primary-window-minutes': '300',
          'x-codex-primary-reset-at': String(resets),
          'x-codex-secondary-used-percent': '40',
          'x-codex-secondary-window-minutes': '10080',
          'x-codex-secondary-reset-at': String(resets + 9999),
        },
      }),
})
const error = (status: number, code: string, headers?: Record<string, string>): ModelAnswer => ({
  status,
  body: { error: { code, type: code, message: 'x' } },
  ...(headers && { headers }),
})

const rows: readonly (readonly [
  string,
  ModelAnswer,
  Outcome | { kind: string; why?: unknown },
  CodexLabParts?,
])[] = [
  ['a quota with a time', usageLimit(RESET), { kind: 'quota', resetsAt: RESET * 1000 }],
  ['a quota without one', usageLimit(), { kind: 'quota', resetsAt: null }],
  ['no money', error(429, 'insufficient_quota'), { kind: 'quota', resetsAt: null }],
  ['too many requests', error(429, 'rate_limit_exceeded'), { kind: 'overloaded' }],
  ['500', error(500, 'server_error'), { kind: 'overloaded' }],
  ['503', error(503, 'server_is_overloaded'), { kind: 'overloaded' }],
  ['401', error(401, 'unauthorized'), { kind: 'signed-out' }],
  ['403', error(403, 'forbidden'), { kind: 'signed-out' }],
  ['404', error(404, 'model_not_found'), { kind: 'model-unknown' }],
  ['a full context', { failed: { code: 'context_length_exceeded', message: 'x' } }, { kind: 'context-full' }],
  ['streams that break off', { disconnect: 'mid' }, { kind: 'network' }, { retries: 1 }],
  ['400', error(400, 'invalid_request_error'), { kind: 'crashed', code: 1, signal: null }],
  ['an answer in prose', [message('Done!')], { kind: 'unreadable', why: expect.any(String) }],
  ['no word', [], { kind: 'finished', answer: { status: 'continue', summary: '' } }],
]

test.each(
  (long ? codexVersions : [currentCodex]).flatMap((version) => rows.map((row) => [version, ...row] as const)),
)('%s: %s', async (version, _name, failure, outcome, parts = {}) => {
  lab = await makeCodexLab(inOrder([execCommand('true')], failure), { version, ...parts })
  const run = watch(lab.codex(), lab.turn)
  expect(await run.outcome).toEqual(outcome)
  expect(run.events).toContainEqual({ kind: 'conversation', id: expect.any(String) })
})

test.each(long ? codexVersions : [currentCodex])(
  '%s: what failed the turn before says nothing of this one',
  async (version) => {
    lab = await makeCodexLab(inOrder(error(500, 'server_error'), error(404, 'model_not_found')), { version })
    const first = watch(lab.codex(), lab.turn)
    expect(await first.outcome).toEqual({ kind: 'overloaded' })
    const [id] = first.events.flatMap((one) => (one.kind === 'conversation' ? [one.id] : []))
    const second = watch(lab.codex(), { ...lab.turn, turn: 2, conversation: id ?? null })
    expect(await second.outcome).toEqual({ kind: 'model-unknown' })
  },
)
