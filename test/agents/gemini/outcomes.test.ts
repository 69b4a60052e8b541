import fs from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import type { Outcome } from '../../../src/agents/agent.ts'
import { withGemini } from '../../rig/gemini.ts'
import { type GeminiAnswer, inOrder, say, shell } from '../../rig/gemini-api.ts'
import { long } from '../../rig/long.ts'
import { processesOf } from '../../rig/processes.ts'
import { watch } from '../rig.ts'
import { answer } from './answer.ts'
import { type GeminiLab, makeGeminiLab } from './rig.ts'

/* How a turn of the real Gemini CLI ends, by what the service does. */

let lab: GeminiLab | undefined
afterEach(async () => lab?.close())

const refusal = (status: number, code: string, ...details: readonly object[]): GeminiAnswer => ({
  status,
  code,
  ...(details.length > 0 && { details }),
})
const info = (reason: string): object => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain: 'googleapis.com',
})
const failure = (quotaId: string): object => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaId }],
})
const retry = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3s' }
const unreadable = { kind: 'unreadable', why: expect.any(String) as unknown as string } as const

type Row = readonly [name: string, answer: GeminiAnswer, outcome: Outcome]

/** Those that stand for the others in the short form. */
const rows: readonly Row[] = [
  [
    'a quota of a day',
    refusal(429, 'RESOURCE_EXHAUSTED', failure('RequestsPerDay')),
    { kind: 'quota', resetsAt: null },
  ],
  ['a connection that ends before any answer', { disconnect: 'before' }, { kind: 'network' }],
  [
    'a key that it does not know',
    refusal(400, 'INVALID_ARGUMENT', info('API_KEY_INVALID')),
    { kind: 'signed-out' },
  ],
  ['404', refusal(404, 'NOT_FOUND'), { kind: 'model-unknown' }],
  ['a conversation that is too long', { says: [shell('true')], tokens: 1_650_000 }, { kind: 'context-full' }],
]

const others: readonly Row[] = [
  [
    'too many requests in a minute',
    refusal(429, 'RESOURCE_EXHAUSTED', failure('PerMinute'), retry),
    { kind: 'overloaded' },
  ],
  ['429', refusal(429, 'RESOURCE_EXHAUSTED'), { kind: 'overloaded' }],
  ['503', refusal(503, 'UNAVAILABLE'), { kind: 'overloaded' }],
  ['500', refusal(500, 'INTERNAL'), { kind: 'overloaded' }],
  ['504', refusal(504, 'DEADLINE_EXCEEDED'), { kind: 'overloaded' }],
  ['401', refusal(401, 'UNAUTHENTICATED'), { kind: 'signed-out' }],
  ['403', refusal(403, 'PERMISSION_DENIED'), { kind: 'signed-out' }],
  ['400', refusal(400, 'INVALID_ARGUMENT'), { kind: 'rejected' }],
  ['413', refusal(413, 'INVALID_ARGUMENT'), { kind: 'context-full' }],
  ['a stream that breaks off', { disconnect: 'mid' }, { kind: 'network' }],
  ['an answer that is blocked', { says: [], finish: 'SAFETY' }, unreadable],
  ['an answer that is cut', { says: [say('{"status":"comp')], finish: 'MAX_TOKENS' }, unreadable],
  ['no word', [], unreadable],
  ['an answer in prose', [say(`Done: ${answer('complete')}`)], unreadable],
  [
    'an answer in a fenced block',
    [say('```json\n'), say(`${answer('complete', 'x')}\n`), say('```\n')],
    { kind: 'finished', answer: { status: 'complete', summary: 'x' } },
  ],
]

withGemini((bin) => {
  test.each([...rows, ...(long ? others : [])])(
    '%s',
    async (_name, said, outcome) => {
      lab = await makeGeminiLab(bin, inOrder(said))
      const run = watch(lab.gemini(), lab.turn)
      expect(await run.outcome).toEqual(outcome)
      expect(lab.api.requests.length).toBe(1)
      expect(run.events).toContainEqual({ kind: 'conversation', id: expect.any(String) })
      expect(processesOf(lab.dir)).toEqual([])
    },
    120_000,
  )

  test('without a sign-in it asks nobody', async () => {
    lab = await makeGeminiLab(bin, inOrder([]))
    const run = watch(lab.gemini({}, { GEMINI_API_KEY: '' }), lab.turn)
    expect(await run.outcome).toEqual({ kind: 'signed-out' })
    fs.writeFileSync(`${lab.config}/settings.json`, '{')
    expect(await watch(lab.gemini(), lab.turn).outcome).toMatchObject({
      kind: 'could-not-start',
      why: { code: 'agent-unusable' },
    })
    expect(lab.api.requests).toEqual([])
  }, 120_000)

  if (long)
    test('our clock wins over a service that says nothing, and a command that runs is no silence', async () => {
      lab = await makeGeminiLab(
        bin,
        inOrder([shell('sleep 35; echo over > over.txt')], { says: [], delayMs: 600_000 }),
      )
      const limits = { silentMs: 30_000, lengthMs: 200_000, graceMs: 5000 }
      const run = watch(lab.gemini(), { ...lab.turn, limits })
      expect(await run.outcome).toEqual({ kind: 'silent' })
      expect(fs.readFileSync(`${lab.workspace}/over.txt`, 'utf8')).toBe('over\n')
      expect(lab.api.requests.length).toBe(2)
      expect(processesOf(lab.dir)).toEqual([])
    }, 240_000)
})
