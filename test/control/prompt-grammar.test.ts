import { expect, test } from '@jest/globals'
import { readPrompt } from '../../src/control/prompt-grammar.ts'

/* hooks/hook.sh is held against the same rules in test/shim/prompts.test.ts. */
const none = { kind: 'none' }
const arm = (objective: string) => ({ kind: 'arm', objective })
const control = (verb: string, argument: string | null = null) => ({ kind: 'control', verb, argument })
const terminal = (word: string) => ({ kind: 'terminal', word })

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
  // A mention with a bare verb, or a verb and an id, is what it says; nobody's objective is "status".
  ['$autonomous-loop status', control('status')],
  [' $Autonomous-loop  Pause ', control('pause')],
  ['use autonomous-loop release', control('release')],
  ['Please use /autonomous-loop disable', control('disable')],
  ['$autonomous-loop amend 0123456789ab', control('amend', '0123456789ab')],
  ['$autonomous-loop resume 01ABcdef', control('resume', '01ABcdef')],
  ['$autonomous-loop resume 0123456', arm('resume 0123456')],
  ['$autonomous-loop resume downloads', arm('resume downloads')],
  ['$autonomous-loop amend the README', arm('amend the README')],
  ['$autonomous-loop release notes for 2.0', arm('release notes for 2.0')],
  ['$autonomous-loop status page redesign', arm('status page redesign')],
  ['$autonomous-loop status\npage redesign', arm('status\npage redesign')],
  ['$autonomous-loop pause 0123456789ab', arm('pause 0123456789ab')],
  ['use autonomous-loop to release', arm('release')],
  ['$autonomous-loop doctor', terminal('doctor')],
  ['Use autonomous-loop  Install-Repo ', terminal('install-repo')],
  ['$autonomous-loop doctor who', arm('doctor who')],
  ['$autonomous-loop checks', arm('checks')],
  ['autonomous-loop doctor', none],
  ['autonomous-loop explode', none],
  ['autonomous-loop', none],
  ['', none],
])('%j', (prompt, expected) => {
  expect(readPrompt(prompt)).toEqual(expected)
})
