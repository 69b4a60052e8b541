import fs from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Outcome } from '../../src/agents/agent.ts'
import { type Lab, makeLab, noLauncher, said, sh, watch } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

let lab: Lab
beforeEach(() => {
  lab = makeLab()
})
afterEach(() => lab.remove())

test('a plain command in the box: it starts, works, and is complete', async () => {
  const agent = lab.agent(sh('cat "$AUTONOMOUS_LOOP_PROMPT_FILE"; echo hello > greeting.txt'))
  const run = watch(agent, lab.turn)
  expect(await run.outcome).toEqual({ kind: 'finished', answer: { status: 'complete', summary: '' } })
  expect(fs.readFileSync(`${lab.workspace}/greeting.txt`, 'utf8')).toBe('hello\n')
  expect(said(lab)).toBe('Add a greeting\n')
  expect(run.events[0]).toMatchObject({
    kind: 'started',
    sandbox: 'box',
    process: { pid: expect.any(Number), start: expect.stringMatching(/^\d+$/), boot: expect.any(String) },
  })
  expect(run.events[1]).toEqual({ kind: 'activity' })
})

const written = (text: string): string => `printf '%s' '${text}' > "$AUTONOMOUS_LOOP_RESULT_FILE"`
const proposal = { kind: 'widen-scope', scope: ['package.json#/dependencies'] }
const item = { title: 'First', text: 'Do it', scope: ['src/**'] }

const ends: readonly (readonly [string, string, Outcome | { kind: string; why: unknown }])[] = [
  ['75 without a file', 'exit 75', { kind: 'quota', resetsAt: null }],
  [
    '75 with a time',
    `${written('{"resets_at": 1795920000}')}; exit 75`,
    { kind: 'quota', resetsAt: 1_795_920_000_000 },
  ],
  ['75 with nonsense', `${written('{"resets_at": "soon"}')}; exit 75`, { kind: 'quota', resetsAt: null }],
  ['75 with a reason', `${written('{"reason": "overloaded"}')}; exit 75`, { kind: 'overloaded' }],
  [
    '75 with a reason that nobody knows',
    `${written('{"reason": "moon"}')}; exit 75`,
    { kind: 'quota', resetsAt: null },
  ],
  ['1', 'exit 1', { kind: 'crashed', code: 1, signal: null }],
  ['a signal', 'kill -9 $$', { kind: 'crashed', code: null, signal: 'SIGKILL' }],
  [
    'an answer, and yet a failure',
    `${written('{"status":"complete","summary":"x"}')}; exit 3`,
    { kind: 'crashed', code: 3, signal: null },
  ],
  [
    'continue',
    written('{"status":"continue","summary":"half"}'),
    { kind: 'finished', answer: { status: 'continue', summary: 'half' } },
  ],
  [
    'tokens beside the answer',
    written('{"status":"complete","summary":"x","tokens":12}'),
    { kind: 'finished', answer: { status: 'complete', summary: 'x' } },
  ],
  [
    'nothing but tokens',
    written('{"tokens":12}'),
    { kind: 'finished', answer: { status: 'complete', summary: '' } },
  ],
  [
    'blocked',
    written('{"status":"blocked","summary":"no"}'),
    { kind: 'finished', answer: { status: 'blocked', summary: 'no' } },
  ],
  [
    'a wider scope',
    written(JSON.stringify({ status: 'proposal', summary: 'x', proposal })),
    { kind: 'finished', answer: { status: 'proposal', summary: 'x', proposal } } as Outcome,
  ],
  [
    'a split',
    written(
      JSON.stringify({ status: 'proposal', summary: 'x', proposal: { kind: 'split', items: [item, item] } }),
    ),
    {
      kind: 'finished',
      answer: { status: 'proposal', summary: 'x', proposal: { kind: 'split', items: [item, item] } },
    },
  ],
  [
    'a dependency',
    written(JSON.stringify({ status: 'proposal', summary: 'x', proposal: { kind: 'add-dependency', item } })),
    {
      kind: 'finished',
      answer: { status: 'proposal', summary: 'x', proposal: { kind: 'add-dependency', item } },
    },
  ],
  ['no JSON', written('done'), { kind: 'unreadable', why: expect.stringContaining('not valid JSON') }],
  ['an empty file', written(''), { kind: 'unreadable', why: expect.any(String) }],
  [
    'an unknown status',
    written('{"status":"done","summary":"x"}'),
    { kind: 'unreadable', why: expect.stringContaining('status') },
  ],
  [
    'another key',
    written('{"status":"complete","summary":"x","tests":"passed"}'),
    { kind: 'unreadable', why: expect.any(String) },
  ],
  [
    'a proposal without one',
    written('{"status":"proposal","summary":"x"}'),
    { kind: 'unreadable', why: expect.stringContaining('proposal') },
  ],
  [
    'a split in one',
    written(JSON.stringify({ status: 'proposal', summary: 'x', proposal: { kind: 'split', items: [item] } })),
    { kind: 'unreadable', why: expect.any(String) },
  ],
  [
    'a link',
    'ln -s /etc/hostname "$AUTONOMOUS_LOOP_RESULT_FILE"',
    { kind: 'unreadable', why: expect.stringContaining('symbolic link') },
  ],
  [
    'a FIFO',
    'mkfifo "$AUTONOMOUS_LOOP_RESULT_FILE"',
    { kind: 'unreadable', why: expect.stringContaining('not a regular file') },
  ],
  [
    'more than anybody reads',
    'head -c 2000000 /dev/zero > "$AUTONOMOUS_LOOP_RESULT_FILE"',
    { kind: 'unreadable', why: expect.stringContaining('bytes') },
  ],
]

test.each(sampleOf(ends, 3, 1))('how it ends says how it went: %s', async (_name, script, outcome) => {
  const agent = lab.agent({ ...sh(script), sandbox: 'off' }, { launch: noLauncher })
  expect(await watch(agent, lab.turn).outcome).toEqual(outcome)
})
