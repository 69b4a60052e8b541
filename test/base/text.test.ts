import { expect, test } from '@jest/globals'
import { oneLine, shortened } from '../../src/base/text.ts'

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
