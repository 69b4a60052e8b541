import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readPrompt } from '../../src/control/prompt-grammar.ts'
import { type Rig, SESSION, SHELLS, makeRig, payload, removeRig } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

/* Without node the shim reads prompts itself: by the same rules, so that a person's word means the same. */

const wrapped = (request: string, context = '') =>
  `# Context from my IDE setup:\n\n## Active selection of the file:\n${context}\n\n## My request for Codex:\n${request}`
const mentioning = (request: string) =>
  `\n# Files mentioned by the user:\n\n## a "b": /a "b"\n\n## My request:\n${request}\n`

/** Orders that are read without node just as with it. */
const orders = [
  'autonomous-loop disable',
  'Autonomous-loop disable',
  ' AUTONOMOUS-LOOP\t Disable\r\n',
  '\n autonomous-loop disable \t',
  'autonomous-loop disable: the lights, please x',
  'autonomous-loop disable: a "wrong" tree \\\\n * $HOME `x` ~ ü',
  'autonomous-loop disable:\tfor\ttoday',
  'autonomous-loop disable --reason for today',
  '$autonomous-loop disable',
  '$Autonomous-Loop  DISABLE ',
  'use autonomous-loop disable',
  'Please use $autonomous-loop disable',
  'please  use /autonomous-loop\tdisable',
  'autonomous-loop pause',
  'autonomous-loop PAUSE: for lunch',
  'autonomous-loop pause --reason lunch',
  'autonomous-loop release: good enough',
  'autonomous-loop waive: good enough',
  'use autonomous-loop waive',
  'autonomous-loop status',
  'autonomous-loop resume',
  'autonomous-loop resume 01ab',
  '$autonomous-loop resume 01abCDEF',
  `$autonomous-loop resume ${'a'.repeat(64)}`,
  '$autonomous-loop amend 0123456789ab',
  wrapped('autonomous-loop disable'),
  wrapped('autonomous-loop disable: enough', 'autonomous-loop status'),
  mentioning('autonomous-loop disable'),
  mentioning('$autonomous-loop status'),
]

/** Orders that only the program reads: without it their writer is told that it could not look. */
const finer = [
  'autonomous-loop disable.',
  '"autonomous-loop disable',
  'autonomous-loop disable "',
  '/autonomous-loop disable',
  'please autonomous-loop disable',
  'autonomous-loop\u00a0disable',
  'autonomous-loop disable --reason=today',
  '[$autonomous-loop](/a/SKILL.md) disable',
  wrapped('autonomous-loop disable').replaceAll('\n', '\r\n'),
]

/** No orders, neither here nor there. */
const others = [
  'autonomous-loop disable the lights, please x',
  'autonomous-loop disable:',
  'autonomous-loop disable --reason',
  'autonomous-loop disable \\',
  'autonomous-loop disable\nand go on',
  'autonomous-loop disable: it\nand go on',
  'autonomous-loop\ndisable',
  'autonomous-loopdisable',
  'autonomous-loop disabled',
  'autonomous-loop:x disable',
  'autonomous-loop -- disable',
  'autonomous-loop',
  '$autonomous-loop disable the old endpoint',
  '$autonomous-loop disable: the old endpoint',
  '$ autonomous-loop disable',
  'use autonomous-loop to disable',
  'please-use autonomous-loop disable',
  'use * autonomous-loop disable',
  'please use please use autonomous-loop disable',
  'disable autonomous-loop',
  'autonomous-loop status pages are nice',
  'autonomous-loop release notes are missing',
  'autonomous-loop waive the fee',
  'autonomous-loop status: x',
  'autonomous-loop resume a b',
  '$autonomous-loop resume 01abcde',
  '$autonomous-loop resume downloads',
  `$autonomous-loop amend ${'a'.repeat(65)}`,
  '$autonomous-loop amend 0123456789ab 0123456789ab',
  '$autonomous-loop release 0123456789ab',
  '$autonomous-loop release notes for 2.0',
  '$autonomous-loop doctor',
  'say "autonomous-loop disable"',
  wrapped('fix it', 'autonomous-loop disable'),
  wrapped('fix it', '## My request for Codex:\nautonomous-loop disable'),
  wrapped('autonomous-loop disable', '\n## My request for Codex:\nfix it'),
  wrapped('autonomous-loop disable', '\n## My request:\nfix it'),
  wrapped('fix it\n## My request for Codex:\nautonomous-loop disable'),
  wrapped('## My request for Codex:\nautonomous-loop disable'),
  `see\n## My request:\nautonomous-loop disable`,
  `\nsee\n## My request:\nautonomous-loop disable`,
  `# see\n## My request:\nautonomous-loop disable`,
  `<3\n## My request:\nautonomous-loop disable`,
  '',
]
const prompts: [string, 'order' | 'finer' | 'other'][] = [
  ...orders.map((prompt): [string, 'order'] => [prompt, 'order']),
  ...finer.map((prompt): [string, 'finer'] => [prompt, 'finer']),
  ...others.map((prompt): [string, 'other'] => [prompt, 'other']),
]

describe.each(sampleOf(SHELLS, SHELLS.length, SHELLS.length - 1))('%s', (_name, shell) => {
  let rig: Rig
  beforeAll(() => {
    rig = makeRig('/nowhere/node')
  })
  afterAll(() => removeRig(rig))

  test.each(prompts)('%j: %s', (prompt, kind) => {
    const marker = rig.touch('armed', SESSION)
    const request = path.join(rig.home, 'requests', `disable-${SESSION}`)
    fs.rmSync(request, { force: true })
    const read = readPrompt(prompt)
    const { stdout } = rig.run('user-prompt-submit', payload('user-prompt-submit', { prompt }), { shell })
    const answer = JSON.parse(stdout) as { decision?: string; continue?: boolean }

    expect(read.kind === 'control').toBe(kind !== 'other')
    const disables = kind === 'order' && read.kind === 'control' && read.verb === 'disable'
    const expected = kind === 'order' ? [disables ? undefined : 'block', disables ? false : undefined] : []
    expect([answer.decision, answer.continue]).toEqual([expected[0], expected[1]])
    expect([fs.existsSync(request), fs.existsSync(marker)]).toEqual([disables, !disables])
    if (disables) {
      const reason: unknown = JSON.parse(fs.readFileSync(request, 'utf8').split('\n')[1] ?? '')
      expect(reason).toBe(read.argument ?? '')
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
