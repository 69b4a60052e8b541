import { expect, test } from '@jest/globals'
import { tellingLines } from '../../src/verdict/words/telling-lines.ts'

const filler = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${name} ${at}`)

test.each([
  ['TAP', ['not ok 1 - adds']],
  ['jest', ['FAIL test/a.test.js']],
  ['vitest', [' × adds 3ms']],
  ['pytest', ['E       assert 5 == 4']],
  ['go', ['--- FAIL: TestAdd (0.00s)']],
  ['cargo', ["thread 'adds' panicked at src/lib.rs:4:20:"]],
  ['a compiler', ['src/a.c:3:5: error: expected ;']],
  ['rustc', ['error[E0308]: mismatched types']],
  ['PHPUnit and RSpec', ['1) AddTest::testAdd']],
  ['Python', ['Traceback (most recent call last):']],
  ['Node', ['TypeError: x is not a function']],
])('%s: the first sign of a failure is kept, with what follows it and the end', (_name, [sign = '']) => {
  const lines = [...filler('before', 50), sign, ...filler('after', 50), '# fail 1']
  const told = tellingLines(lines.join('\n'), 9)
  expect(told).toEqual([
    'before 49',
    sign,
    'after 0',
    'after 1',
    'after 2',
    '[…]',
    'after 48',
    'after 49',
    '# fail 1',
  ])
})

test('what fits is told whole; without a sign, or with one near the end, the end is told', () => {
  const lines = [...filler('line', 20), 'not ok 1', 'why']
  expect(tellingLines(lines.join('\n'), 22)).toEqual(lines)
  expect(tellingLines(lines.join('\n'), 4)).toEqual(lines.slice(-4))
  expect(tellingLines(filler('line', 20).join('\n'), 3)).toEqual(['line 17', 'line 18', 'line 19'])
  // Totals begin like a reason and are none.
  expect(tellingLines(['# Error: 0', ...filler('line', 20)].join('\n'), 2)).toEqual(['line 18', 'line 19'])
  expect(tellingLines(['ok 1 - no error here', ...filler('line', 20)].join('\n'), 3)).toEqual([
    'line 17',
    'line 18',
    'line 19',
  ])
})
