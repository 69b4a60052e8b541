import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readPrompt } from '../../src/control/prompt-grammar.ts'
import { type Rig, SESSION, SHELLS, makeRig, payload, removeRig } from './rig.ts'

/* Without node the shim reads prompts itself: by the same rules, so that a person's word means the same. */

const prompts = [
  'autonomous-loop disable',
  'Autonomous-loop disable',
  ' AUTONOMOUS-LOOP\t Disable\r\n',
  '\n autonomous-loop disable \t',
  'autonomous-loop disable the lights, please',
  'autonomous-loop disable "wrong" tree \\\\n * $HOME `x` ~ ü',
  'autonomous-loop disable "',
  'autonomous-loop disable \\',
  'autonomous-loop disable\tfor\ttoday',
  'autonomous-loop disable\u0001',
  'autonomous-loop disable\nand go on',
  'autonomous-loop disable it\nand go on',
  'autonomous-loop\ndisable',
  'autonomous-loopdisable',
  'autonomous-loop disabled',
  'autonomous-loop:x disable',
  'autonomous-loop -- disable',
  'autonomous-loop',
  '$autonomous-loop disable',
  '$Autonomous-Loop  DISABLE ',
  '$autonomous-loop disable the old endpoint',
  '$ autonomous-loop disable',
  '/autonomous-loop disable',
  'use autonomous-loop disable',
  'Please use $autonomous-loop disable',
  'please  use /autonomous-loop\tdisable',
  'use autonomous-loop to disable',
  'please autonomous-loop disable',
  'please-use autonomous-loop disable',
  'use * autonomous-loop disable',
  'please use please use autonomous-loop disable',
  'disable autonomous-loop',
  'autonomous-loop pause',
  'autonomous-loop PAUSE for lunch',
  'autonomous-loop release good enough',
  'autonomous-loop status pages are nice',
  'autonomous-loop resume 01ab',
  'autonomous-loop resume a b',
  '$autonomous-loop resume 01abCDEF',
  '$autonomous-loop resume 01abcde',
  '$autonomous-loop resume downloads',
  `$autonomous-loop resume ${'a'.repeat(64)}`,
  `$autonomous-loop amend ${'a'.repeat(65)}`,
  '$autonomous-loop amend 0123456789ab 0123456789ab',
  '$autonomous-loop amend 0123456789ab',
  '$autonomous-loop release 0123456789ab',
  '$autonomous-loop release notes for 2.0',
  '$autonomous-loop doctor',
  'say "autonomous-loop disable"',
  '"autonomous-loop disable',
  '',
]

describe.each(SHELLS)('%s', (_name, shell) => {
  let rig: Rig
  beforeAll(() => {
    rig = makeRig('/nowhere/node')
  })
  afterAll(() => removeRig(rig))

  test.each(prompts)('%j', (prompt) => {
    const marker = rig.touch('armed', SESSION)
    const request = path.join(rig.home, 'requests', `disable-${SESSION}`)
    fs.rmSync(request, { force: true })
    const read = readPrompt(prompt)
    const { stdout } = rig.run('user-prompt-submit', payload('user-prompt-submit', { prompt }), { shell })
    const answer = JSON.parse(stdout) as { decision?: string; reason?: string }

    expect(answer.decision).toBe(read.kind === 'control' ? 'block' : undefined)
    const disables = read.kind === 'control' && read.verb === 'disable'
    expect([fs.existsSync(request), fs.existsSync(marker)]).toEqual([disables, !disables])
    if (disables) {
      const reason: unknown = JSON.parse(fs.readFileSync(request, 'utf8').split('\n')[1] ?? '')
      expect(reason).toBe((read.argument ?? '').replace(/[ \t]+/g, ' '))
    }
  })

  test('prompts in any case start the program', () => {
    const answers = makeRig()
    const prompt = payload('user-prompt-submit', { prompt: '$AUTONOMOUS-LOOP fix it' })
    try {
      answers.run('user-prompt-submit', prompt, { shell })
      expect(answers.ran()?.stdin).toBe(prompt)
    } finally {
      removeRig(answers)
    }
  })
})
