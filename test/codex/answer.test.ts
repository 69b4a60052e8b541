import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { holds } from '../rig/long.ts'
import { clipReason, clipText, renderAnswer } from '../../src/codex/answer.ts'
import type { HookAnswer, HookEvent } from '../../src/codex/types.ts'

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

describe('renderAnswer', () => {
  const cases: [HookEvent, HookAnswer, unknown][] = [
    ['Stop', { kind: 'nothing' }, ''],
    ['Stop', { kind: 'message', text: ' released ' }, { systemMessage: 'released' }],
    ['Stop', { kind: 'message', text: ' \n' }, ''],
    ['Stop', { kind: 'block', reason: '\n not done: T1\n' }, { decision: 'block', reason: 'not done: T1' }],
    [
      'Stop',
      { kind: 'block', reason: 'r', systemMessage: 's' },
      { decision: 'block', reason: 'r', systemMessage: 's' },
    ],
    ['Stop', { kind: 'block', reason: 'r', systemMessage: ' ' }, { decision: 'block', reason: 'r' }],
    [
      'Stop',
      { kind: 'end', stopReason: 'limits', systemMessage: 'halted' },
      { continue: false, stopReason: 'limits', systemMessage: 'halted' },
    ],
    [
      'Stop',
      { kind: 'end', stopReason: 'limits', systemMessage: '' },
      { continue: false, stopReason: 'limits' },
    ],
    [
      'SessionStart',
      { kind: 'context', event: 'SessionStart', text: 'ctx' },
      { hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: 'ctx' } },
    ],
    [
      'SessionStart',
      { kind: 'context', event: 'SessionStart', text: ' ', systemMessage: 'm' },
      { systemMessage: 'm' },
    ],
    ['UserPromptSubmit', { kind: 'context', event: 'UserPromptSubmit', text: '' }, ''],
    [
      'UserPromptSubmit',
      { kind: 'context', event: 'UserPromptSubmit', text: 'ctx', systemMessage: 'armed' },
      {
        hookSpecificOutput: { hookEventName: 'UserPromptSubmit', additionalContext: 'ctx' },
        systemMessage: 'armed',
      },
    ],
    ['UserPromptSubmit', { kind: 'block', reason: 'paused' }, { decision: 'block', reason: 'paused' }],
    ['UserPromptSubmit', { kind: 'end', stopReason: 'paused' }, { continue: false, stopReason: 'paused' }],
    // The TUI would show it twice.
    ['Stop', { kind: 'block', reason: 'x', systemMessage: 'x' }, { decision: 'block', reason: 'x' }],
    ['Stop', { kind: 'end', stopReason: 'x', systemMessage: 'x' }, { continue: false, stopReason: 'x' }],
    ['PostToolUse', { kind: 'message', text: 'm' }, { systemMessage: 'm' }],
  ]
  test.each(cases)('%s %j', (event, answer, expected) => {
    const text = renderAnswer(answer, event)
    expect(text === '' ? '' : JSON.parse(text)).toEqual(expected)
  })

  test.each([' ', '\x1b[31m\x1b[0m', '\x00\x07', '\u202e'])(
    'a block with the blank reason %j still blocks',
    (reason) => {
      const answer = JSON.parse(renderAnswer({ kind: 'block', reason }, 'Stop')) as { reason: string }
      expect(answer.reason).toMatch(/not done/)
    },
  )

  const foreign: [HookEvent, HookAnswer][] = [
    ['Stop', { kind: 'context', event: 'SessionStart', text: 'x' }],
    ['SessionStart', { kind: 'context', event: 'UserPromptSubmit', text: 'x' }],
    ['SessionStart', { kind: 'block', reason: 'x' }],
    ['SessionStart', { kind: 'end', stopReason: 'x', systemMessage: 'x' }],
    ['PostToolUse', { kind: 'block', reason: 'x' }],
  ]
  test.each(foreign)('%s cannot say %j', (event, answer) => {
    expect(() => renderAnswer(answer, event)).toThrow(/cannot answer/)
  })

  test('is one line of JSON whatever the texts hold', () => {
    holds(
      100,
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => {
        const json = renderAnswer({ kind: 'block', reason: text, systemMessage: text }, 'Stop')
        expect(json).not.toContain('\n')
        expect(Object.keys(JSON.parse(json) as object)).toContain('reason')
        expect(Buffer.from(json, 'utf8').toString('utf8')).toBe(json)
      }),
    )
  })
})

describe('clipping', () => {
  const long = fc
    .tuple(
      fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 60 }),
    )
    .map(([parts, times]) => parts.join('<&">').repeat(times))

  test('a reason fits after XML escaping, well formed and without control characters', () => {
    holds(
      100,
      fc.property(long, fc.integer({ min: 200, max: 3000 }), (text, max) => {
        const clipped = clipReason(text, max)
        expect(Buffer.byteLength(escape(clipped))).toBeLessThanOrEqual(max)
        expect(Buffer.from(clipped, 'utf8').toString('utf8')).toBe(clipped)
        expect(clipped).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/)
      }),
    )
  })

  test('other text fits in UTF-8', () => {
    holds(
      100,
      fc.property(long, fc.integer({ min: 200, max: 3000 }), (text, max) => {
        expect(Buffer.byteLength(clipText(text, max))).toBeLessThanOrEqual(max)
      }),
    )
  })

  test.each([
    ['a'.repeat(10_000), 10_000],
    ['&'.repeat(2_000), 10_000],
    [`ab${'☃'.repeat(66)}`, 200],
    ['😀'.repeat(50), 200],
  ])('what just fits stays whole (%.10s…)', (text, max) => {
    expect(clipReason(text, max)).toBe(text)
    expect(clipReason(`${text}!`, max)).toContain('left out')
  })

  test('keeps head and tail, whole characters, and says how much is missing', () => {
    const clipped = clipText(`HEAD ${'😀'.repeat(500)} TAIL`, 400)
    expect(clipped).toMatch(/^HEAD 😀+\n\[\.\.\. \d+ bytes left out \.\.\.\]\n😀+ TAIL$/u)
    const missing = Number(/(\d+) bytes/.exec(clipped)?.[1])
    expect((clipped.match(/😀/gu) ?? []).length * 4 + missing).toBe(2000)
  })

  test.each([
    ['a\r\nb\rc\td', 'a\nb\nc\td'],
    ['\x1b[1;31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x1b\\', 'red link'],
    ['x\ud800y\udc00z', 'x\ufffdy\ufffdz'],
    ['a\u202eb\x9b\x7fc', 'abc'],
  ])('cleans %j', (text, expected) => {
    expect(clipText(text)).toBe(expected)
  })
})
