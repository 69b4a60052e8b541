import { expect, test } from '@jest/globals'
import { readPrompt } from '../../src/control/prompt-grammar.ts'

const none = { kind: 'none' }
const arm = (objective: string) => ({ kind: 'arm', objective })
const control = (verb: string, argument: string | null = null) => ({ kind: 'control', verb, argument })

test.each([
  ['$autonomous-loop fix the parser', arm('fix the parser')],
  ['  $autonomous-loop   fix it\nand test it', arm('fix it\nand test it')],
  ['$autonomous-loop', arm('')],
  ['$autonomous-loops fix it', none],
  ['please $autonomous-loop fix it', none],
  ['use autonomous-loop to fix the parser', arm('fix the parser')],
  ['Use /autonomous-loop for this task: fix the parser', arm('fix the parser')],
  ['Please use autonomous-loop for this task. Fix the parser.', arm('Fix the parser.')],
  ['Use autonomous-loop: fix it', arm('fix it')],
  ['Use autonomous-loop for this task.\n\nRewrite the docs', arm('Rewrite the docs')],
  ['Use $autonomous-loop on the following: a', arm('a')],
  ['Should I use autonomous-loop?', none],
  ['I use autonomous-loop', none],
  ['What does autonomous-loop do?', none],
  ['first line\nuse autonomous-loop for it', none],
  ['autonomous-loop pause', control('pause')],
  [' Autonomous-Loop RELEASE good enough ', control('release', 'good enough')],
  ['autonomous-loop amend 0123456789ab', control('amend', '0123456789ab')],
  ['autonomous-loop resume\nand do more', none],
  ['autonomous-loop explode', none],
  ['autonomous-loop', none],
  ['', none],
])('%j', (prompt, expected) => {
  expect(readPrompt(prompt)).toEqual(expected)
})
