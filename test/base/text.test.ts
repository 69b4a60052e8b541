import { expect, test } from '@jest/globals'
import { oneLine, plainJson, shortened } from '../../src/base/text.ts'

test.each([
  ['as it is', 8, 'as it is'],
  ['one too long', 11, 'one too lo…'],
  ['', 3, ''],
  // The second half of a character outside the first plane would stand at the cut.
  ['ab😀cd', 4, 'ab…'],
])('%j in %i', (text, most, expected) => {
  expect(shortened(text, most)).toBe(expected)
})

test('one line has single spaces and none around it', () => {
  expect(oneLine('  a\r\n\tb  c \n', 10)).toBe('a b c')
  expect(oneLine('a\n b c', 4)).toBe('a b…')
})

test('JSON for a pipe has no raw C1, bidi or line separators, and says the same', () => {
  const value = { a: 'x\u009b31m\u202e\u2066\u200f\u2028\u007f\u001by', 'k\u202e': ['é', '日本'] }
  const text = plainJson(value, 2)
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/)
  expect(text).toContain('x\\u009b31m\\u202e\\u2066\\u200f\\u2028\\u007f\\u001by')
  expect(text).toContain('日本')
  expect(JSON.parse(text)).toEqual(value)
})
