import { expect, test } from '@jest/globals'
import { parseShell } from '../../src/definition/shell.ts'
import { shellText, unwrap } from '../../src/definition/wrappers.ts'

test.each<[string, readonly string[]]>([
  ['npm test', ['npm|test']],
  ['A=1 B="x y" npm  run\tlint', ['npm|run|lint']],
  ['a && b || c; d | e & f', ['a', 'b', 'c', 'd', 'e', 'f']],
  [`echo 'a; b' "c && d" e\\ f`, ['echo|a; b|c && d|e f']],
  ['(cd a && b) && c', ['(', 'cd|a', 'b', ')', 'c']],
  ['if a; then b; else c; fi', ['a', 'b', 'c']],
  ['! time a 2>&1 >out <in', ['a']],
  ['x "$(a "b")" `c`', ['x|$(a "b")|$(c)', '(', 'a|b', ')', '(', 'c', ')']],
  ['a # b; c\nd', ['a', 'd']],
  ['a \\\n  b', ['a|b']],
  ['jest --coverage>out 2>>log', ['jest|--coverage']],
  ['"unclosed', ['unclosed']],
  ['', []],
])('%j', (text, expected) => {
  const shown = parseShell(text).map((part) =>
    part.kind === 'command' ? part.argv.join('|') : part.kind === 'open' ? '(' : ')',
  )
  expect(shown).toEqual(expected)
})

test.each<[readonly string[], readonly string[]]>([
  [
    ['env', '-u', 'X', 'A=1', 'npm', 'test'],
    ['npm', 'test'],
  ],
  [['/usr/bin/timeout', '-k', '5', '10m', 'nice', '-n', '5', 'make'], ['make']],
  [['cross-env', 'A=1', 'jest'], ['jest']],
  [
    ['dotenv', '-e', '.env', '--', 'jest', '--ci'],
    ['jest', '--ci'],
  ],
  [
    ['npm', 'test'],
    ['npm', 'test'],
  ],
  [['env'], []],
])('unwrap %j', (argv, expected) => {
  expect(unwrap(argv)).toEqual(expected)
})

test.each<[readonly string[], string | null]>([
  [['sh', '-c', 'npm test'], 'npm test'],
  [['/bin/bash', '-euo', 'pipefail', '-c', 'npm test', 'x'], 'npm test'],
  [['bash', '-lc', 'a'], 'a'],
  [['bash', 'ci.sh', '-x'], null],
  [['node', '-c', 'x'], null],
])('shellText %j', (argv, expected) => {
  expect(shellText(argv)).toBe(expected)
})
