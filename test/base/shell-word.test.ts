import { execFileSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { shellQuote, shellWord } from '../../src/base/shell-word.ts'

test.each([
  ['/home/you/.codex/autoloop/bin/autonomous-loop', true],
  ['/a+b@c:d,e=f%g/h-i_j.k', true],
  ['/it\'s a "dir" $x `y` \\ * ~', false],
  ['~/x', false],
  ['/ü', false],
  ['/two\nlines', false],
  ['', false],
])('%j is one word for a shell, plain where it can be', (text, plain) => {
  expect(shellWord(text)).toBe(plain ? text : shellQuote(text))
  for (const word of [shellWord(text), shellQuote(text)])
    expect(execFileSync('/bin/sh', ['-c', `printf '[%s]' ${word}`], { encoding: 'utf8' })).toBe(`[${text}]`)
})
