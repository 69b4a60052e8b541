import { expect, test } from '@jest/globals'
import { workForm } from '../../../src/agents/answer.ts'
import { type GeminiEnd, geminiOutcome } from '../../../src/agents/gemini/outcome.ts'
import { answer } from './answer.ts'

/* What the real program was seen to end with, or has in its code; the service's part is played in outcomes.test.ts. */

const begun: GeminiEnd = {
  code: 0,
  signal: null,
  hasBegun: true,
  result: 'success',
  message: answer('complete'),
  hasErred: false,
  report: null,
  errors: 'in its own words',
}
const early = { hasBegun: false, result: null, message: '' } as const
const failed = { result: 'failed', message: '' } as const
const report = (name: string, ...reasons: readonly string[]): Pick<GeminiEnd, 'report'> => ({
  report: { name, reasons },
})
const couldNotStart = {
  kind: 'could-not-start',
  why: {
    code: 'agent-not-started',
    message: 'Gemini did not begin: in its own words',
    fix: 'autonomous-loop doctor',
  },
}
const unreadable = { kind: 'unreadable', why: 'in its own words' }
const crashed = (code: number | null, signal: string | null = null): object => ({
  kind: 'crashed',
  code,
  signal,
})

const rows: readonly (readonly [string, Partial<GeminiEnd>, object])[] = [
  ['an answer', {}, { kind: 'finished', answer: { status: 'complete', summary: '' } }],
  ['0 without a result: ended by TERM or INT', { result: null }, crashed(0)],
  ['no word, and no error', { message: '' }, { kind: 'context-full' }],
  ['no word after an error', { message: '', hasErred: true }, unreadable],
  ['a result that says it failed', { result: 'failed' }, unreadable],
  ['no sign-in', { ...early, code: 41 }, { kind: 'signed-out' }],
  ['its sandbox', { ...early, code: 44 }, couldNotStart],
  ['its settings', { ...early, code: 52 }, couldNotStart],
  ['its limit of turns', { ...failed, code: 53 }, { kind: 'budget' }],
  ['a tool that ended it', { ...failed, code: 54 }, crashed(54)],
  ['a directory that is not trusted', { ...early, code: 55 }, couldNotStart],
  ['a flag that it does not know', { ...early, code: 1 }, couldNotStart],
  ['a program that cannot be run', { ...early, code: 126 }, couldNotStart],
  ['cancelled', { ...failed, code: 130 }, crashed(130)],
  ['killed, as the box tells it', { result: null, code: 137 }, crashed(137)],
  ['killed', { result: null, code: null, signal: 'SIGKILL' }, crashed(null, 'SIGKILL')],
  ['1 in the middle, without a report', { ...failed, code: 1 }, crashed(1)],
  ['1, and a report of the service', { ...failed, code: 1, ...report('TypeError') }, { kind: 'network' }],
  [
    '1, and no such model',
    { ...failed, code: 1, ...report('ModelNotFoundError') },
    { kind: 'model-unknown' },
  ],
  [
    '429, used up',
    { ...failed, code: 173, ...report('TerminalQuotaError') },
    { kind: 'quota', resetsAt: null },
  ],
  ['429, for a moment', { ...failed, code: 173, ...report('RetryableQuotaError') }, { kind: 'overloaded' }],
  ['429, without a report', { ...failed, code: 173 }, { kind: 'overloaded' }],
  [
    '503, whatever it is called',
    { ...failed, code: 247, ...report('TerminalQuotaError') },
    { kind: 'overloaded' },
  ],
  ['400', { ...failed, code: 144, ...report('ApiError') }, { kind: 'rejected' }],
  [
    '400, for the key',
    { ...failed, code: 144, ...report('ApiError', 'API_KEY_INVALID') },
    { kind: 'signed-out' },
  ],
  ['408', { ...failed, code: 152 }, { kind: 'network' }],
  ['413', { ...failed, code: 157 }, { kind: 'context-full' }],
]

test.each(rows)('%s', (_name, end, outcome) => {
  expect(geminiOutcome({ ...begun, ...end }, workForm)).toEqual(outcome)
})
