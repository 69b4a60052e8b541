import { describe, expect, test } from '@jest/globals'
import { MAX_PATTERN_LENGTH, matchPattern, patternProblem } from '../../src/contract/pattern.ts'

describe('matchPattern', () => {
  test.each([
    ['^## Usage$', '# Title\n## Usage\ntext', true],
    ['^## Usage$', '# Title\r\n## Usage\r\ntext', true],
    ['^## Usage$', 'see ## Usage', false],
    ['a.c', 'abc', true],
    ['a.c', 'a\nc', false],
    ['a[^]c', 'a\nc', true],
    ['(?<=v)\\d+(?! beta)', 'v12', true],
    ['(\\w)\\1', 'hello', true],
    ['"version": "2\\.', '{"version": "2.0.1"}', true],
    ['x', '', false],
    ['`${process}`', '`${process}`', false],
  ])('%j on %j: %s', (pattern, text, want) => {
    expect(matchPattern(pattern, text)).toEqual({ ok: true, value: want })
  })

  // Each of these needs longer than anyone lives; the promise is that an answer comes at all.
  test.each([
    ['^(a+)+$', `${'a'.repeat(50)}b`],
    ['(x+x+)+y', 'x'.repeat(60)],
    ['^(a|a)*$', `${'a'.repeat(60)}b`],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(80)],
    ['(.*)*x(.*)*y(.*)*z', 'x'.repeat(10_000)],
    ['(?:a|aa)+$', `${'a'.repeat(90)}b`],
    ['(?=((a+)+b))', 'a'.repeat(60)],
    ['^(?:(a*)*\\1)+c', 'a'.repeat(60)],
  ])('%j ends by name', (pattern, text) => {
    expect(matchPattern(pattern, text, 50)).toMatchObject({ ok: false, error: { code: 'pattern-timeout' } })
  })

  test('the engine running out of stack is a failure by name', () => {
    const text = 'ab'.repeat(10_000_000)
    expect(matchPattern('(a|b|cc)*d', text, 20_000)).toMatchObject({
      ok: false,
      error: { code: 'pattern-too-complex' },
    })
  })

  test('a pattern that is none is a failure by name', () => {
    expect(matchPattern('(', 'x')).toMatchObject({ ok: false, error: { code: 'pattern-invalid' } })
  })

  test('after a bomb the next match is right', () => {
    matchPattern('^(a+)+$', `${'a'.repeat(50)}b`, 20)
    expect(matchPattern('^a+b$', 'aab')).toEqual({ ok: true, value: true })
  })
})

test.each([
  ['a', null],
  ['a'.repeat(MAX_PATTERN_LENGTH), null],
  ['(?:(?:x{500}){500}){500}', null],
  ['', 'empty'],
  ['a'.repeat(MAX_PATTERN_LENGTH + 1), 'at most'],
  ['(', 'Unterminated'],
  ['a{2,1}', 'out of order'],
])('patternProblem of %j', (pattern, want) => {
  const problem = patternProblem(pattern)
  if (want === null) expect(problem).toBeNull()
  else expect(problem).toContain(want)
})
