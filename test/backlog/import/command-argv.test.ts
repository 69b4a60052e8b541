import { expect, test } from '@jest/globals'
import { nameFor, plainCommand } from '../../../src/backlog/import/command-argv.ts'

test.each([
  ['npm test', ['npm', 'test'], {}],
  ['  python -m pytest  tests/ -q ', ['python', '-m', 'pytest', 'tests/', '-q'], {}],
  ['PYTHONPATH=src A=1 python3 -m unittest', ['python3', '-m', 'unittest'], { PYTHONPATH: 'src', A: '1' }],
  [`grep -q 'a; b $(c)' "x y"`, ['grep', '-q', 'a; b $(c)', 'x y'], {}],
  [`a''b "c"'d'`, ['ab', 'cd'], {}],
  ['NAME="a b" make check', ['make', 'check'], { NAME: 'a b' }],
])('%s is words', (text, argv, env) => {
  expect(plainCommand(text)).toEqual({ argv, env, isShell: false })
})

test.each([
  'npm test && npm run lint',
  'cd web; npm test',
  'cd web',
  'echo $HOME',
  'echo "$HOME"',
  'ls *.py',
  'cat < x',
  'test -e a || exit 1',
  'a `b`',
  '! grep x y',
  'ls ~/x',
  'if true',
  'exec npm test',
  "it's",
  'a "b',
  'x # y',
  'a\nb',
  'PATH=/evil npm test',
  'A=1',
  "'' x",
  '',
])('%j asks for a shell', (text) => {
  expect(plainCommand(text)).toEqual({ argv: ['sh', '-c', text], env: {}, isShell: true })
})

test('names are names of a config, and of nobody else', () => {
  expect(nameFor('npm test', new Set())).toBe('npm-test')
  expect(nameFor('npm test', new Set(['npm-test', 'npm-test-2']))).toBe('npm-test-3')
  expect(nameFor('$( )', new Set())).toBe('check')
  expect(nameFor('__proto__', new Set())).toBe('proto')
  expect(nameFor('constructor', new Set())).toBe('check')
  expect(nameFor('x'.repeat(200), new Set())).toHaveLength(40)
})
