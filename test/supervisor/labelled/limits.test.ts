import fs from 'node:fs'
import { expect, test } from '@jest/globals'
import { type Site, item } from '../rig.ts'
import { sampleOf } from '../../rig/long.ts'
import { type Labelled, play } from './play.ts'

const write = (file: string, text = 'x\n') => ({ write: file, text })
const honest = (file: string) => [{ steps: [write(file)] }]
const others = { '002-b.md': item() }

/** A file that git ignores and gates get from the person's checkout: what an agent cannot reach turns a gate red. */
const outside = {
  files: { '.gitignore': 'weather\n', 'check.sh': 'grep -q fine weather && test ! -e src/bad.txt\n' },
  prepare: (site: Site) => site.write('weather', 'fine\n'),
  config: { copy: ['weather'] },
}

const batches: readonly Labelled[] = [
  {
    name: 'blocked: parked with its reason, and others go on',
    items: { '001-a.md': item(), ...others },
    script: {
      '001': [{ answer: { status: 'blocked', summary: 'the key is missing' } }],
      '002': honest('src/b.txt'),
    },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked blocked', '002': 'done' },
    check: (_site, events) =>
      expect(events).toContainEqual(
        expect.objectContaining({
          type: 'attempt-ending',
          data: expect.objectContaining({
            failure: { kind: 'parked', code: 'blocked', why: 'the key is missing' },
          }),
        }),
      ),
  },
  {
    name: 'a proposal: parked, and no attempt is counted',
    items: { '001-a.md': item() },
    script: {
      '001': [
        {
          answer: {
            status: 'proposal',
            summary: 'it needs lib',
            proposal: { kind: 'widen-scope', scope: ['lib/**'] },
          },
        },
      ],
    },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked proposal' },
    starts: 1,
  },
  {
    name: 'answers that nobody can read: once more, then the attempt fails, then the agent is unusable',
    items: { '001-a.md': item() },
    script: { '001': [{ steps: [write('src/a2.txt')], answer: 'done, I think' }] },
    codes: [7],
    rest: 'halted no-agent',
    expected: { '001': 'open' },
    starts: 3,
    landed: { 'src/a2.txt': null },
  },
  {
    name: 'a crash once is no lost attempt',
    items: { '001-a.md': item() },
    script: { '001': [{ at: '1.1', exit: 3 }, ...honest('src/one.txt')] },
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done' },
    opened: ['001'],
    starts: 2,
  },
  {
    name: 'an agent that only crashes halts the batch, and the next call begins anew',
    items: { '001-a.md': item() },
    script: { '001': [{ exit: 3 }] },
    runs: [[], []],
    before: (site, nth) => nth === 1 && site.script({ '001': honest('src/one.txt') }),
    codes: [7, 0],
    rest: 'completed',
    expected: { '001': 'done' },
    landed: { 'src/one.txt': 'x\n' },
  },
  {
    name: 'silence: ended, once more, then the attempt fails',
    items: { '001-a.md': item() },
    script: { '001': [{ steps: [{ sh: 'exec sleep 600' }] }] },
    supervisor: { limits: { attempts: 1, silentMinutes: 0.01 } },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked attempts' },
    starts: 2,
  },
  {
    name: 'a turn that is too long: ended, once more, then the attempt fails',
    items: { '001-a.md': item() },
    script: { '001': [{ steps: [{ sh: 'while :; do echo .; sleep 0.1; done' }] }] },
    supervisor: { limits: { attempts: 1, turnMinutes: 0.01 } },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked attempts' },
    starts: 2,
  },
  {
    name: 'the quota is used up until a time that has passed: the same turn goes on, and nothing is counted',
    items: { '001-a.md': item() },
    script: {
      '001': [
        {
          at: '1.1',
          steps: [
            {
              sh: 'test -e src/one.txt || { echo x > src/one.txt; echo "{\\"resets_at\\": 1}" > "$AUTONOMOUS_LOOP_RESULT_FILE"; exit 0; }; touch src/two.txt',
            },
          ],
          exit: 75,
        },
      ],
    },
    // The script has no way to answer otherwise the second time, so the agent is another then.
    meanwhile: async (site, running) => {
      await running.event((one) => one.type === 'turn-ended' && one.data.outcome.kind === 'quota')
      site.script({ '001': [{ steps: [{ sh: 'test -e src/one.txt && touch src/two.txt' }] }] })
    },
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done' },
    opened: ['001'],
    landed: { 'src/one.txt': 'x\n', 'src/two.txt': '' },
    check: (site, events) => {
      expect(site.starts().map((one) => one.turn)).toEqual(site.starts().map(() => 1))
      expect(events.filter((one) => one.type === 'attempt-ended')).toHaveLength(1)
    },
  },
  {
    name: 'the quota is used up, and the config says to end then: suspended',
    items: { '001-a.md': item() },
    script: { '001': [{ exit: 75 }] },
    supervisor: { onQuota: 'exit' },
    codes: [10],
    rest: 'suspended',
    expected: { '001': 'open' },
    starts: 1,
  },
  {
    name: 'five parked in a row: something general is wrong, and a sixth is not begun',
    items: Object.fromEntries([1, 2, 3, 4, 5, 6].map((nth) => [`00${nth}-a.md`, item()])),
    script: Object.fromEntries(
      [1, 2, 3, 4, 5, 6].map((nth) => [`00${nth}`, [{ answer: { status: 'blocked' } }]]),
    ),
    codes: [5],
    rest: 'parked parked-in-a-row',
    expected: {
      '001': 'parked blocked',
      '002': 'parked blocked',
      '003': 'parked blocked',
      '004': 'parked blocked',
      '005': 'parked blocked',
      '006': 'open',
    },
    starts: 5,
  },
  {
    name: 'something done in between breaks the row',
    items: Object.fromEntries([1, 2, 3].map((nth) => [`00${nth}-a.md`, item()])),
    script: {
      '001': [{ answer: { status: 'blocked' } }],
      '002': honest('src/two.txt'),
      '003': [{ answer: { status: 'blocked' } }],
    },
    supervisor: { limits: { parkedInARow: 2 } },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked blocked', '002': 'done', '003': 'parked blocked' },
  },
  {
    name: 'one attempt at a time: each call adds what it asks for',
    items: { '001-a.md': item(), '002-b.md': item(), '003-c.md': item() },
    runs: [
      ['--iterations', '1'],
      ['--iterations', '2'],
    ],
    script: { '001': honest('src/1.txt'), '002': honest('src/2.txt'), '003': honest('src/3.txt') },
    codes: [4, 0],
    rest: 'completed',
    expected: { '001': 'done', '002': 'done', '003': 'done' },
    opened: ['001', '002', '003'],
  },
  {
    name: 'the spawns of a day are used up: paused, the attempt goes on later',
    items: { '001-a.md': item(), '002-b.md': item() },
    script: { '001': honest('src/1.txt'), '002': honest('src/2.txt') },
    supervisor: { limits: { spawnsPerDay: 1 } },
    codes: [6],
    rest: 'paused spawns',
    expected: { '001': 'done', '002': 'open' },
    starts: 1,
  },
  {
    name: 'the spawns of an item are used up: parked',
    items: { '001-a.md': item() },
    script: {
      '001': [
        { steps: [{ sh: 'echo "$AUTONOMOUS_LOOP_TURN" > src/a.txt' }], answer: { status: 'continue' } },
      ],
    },
    supervisor: { limits: { spawns: 2 } },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked spawns' },
    starts: 2,
  },
  {
    name: 'a gate turns red on the head by itself: paused, and no attempt is counted',
    ...outside,
    items: { '001-a.md': item() },
    script: { '001': honest('src/1.txt') },
    runs: [[], []],
    meanwhile: async (site, running, nth) => {
      if (nth > 0) return
      await running.event((one) => one.type === 'worktree-ready')
      site.write('weather', 'rain\n')
    },
    before: (site, nth) => nth === 1 && site.write('weather', 'fine\n'),
    codes: [6, 0],
    rest: 'completed',
    expected: { '001': 'done' },
    opened: ['001'],
    starts: 1,
    check: (_site, events) => {
      expect(events.find((one) => one.type === 'rested')).toMatchObject({
        data: { state: 'paused', code: 'head-red' },
      })
    },
  },
  {
    name: 'a gate that fails once in between: the head is green, the same work is judged again and done',
    items: { '001-a.md': item() },
    config: { commands: { test: { argv: ['sh', 'check.sh'], network: 'none', writable: ['~/counted'] } } },
    prepare: (site) => {
      fs.mkdirSync(site.at('user/counted'))
      const counter = site.at('user/counted/n')
      // The base, the work, the head, the work again.
      site.write('check.sh', `echo . >> "${counter}"; test "$(wc -l < "${counter}")" != 2\n`)
      site.git('commit', '-qam', 'flaky')
    },
    script: { '001': honest('src/1.txt') },
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done' },
    opened: ['001'],
    starts: 2,
  },
  {
    name: 'a red gate that is the work’s own: the head is green, and the worker is told',
    ...outside,
    items: { '001-a.md': item() },
    script: {
      '001': [{ steps: [write('src/bad.txt')] }, { steps: [{ remove: 'src/bad.txt' }, write('src/1.txt')] }],
    },
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done' },
    starts: 2,
    landed: { 'src/bad.txt': null },
  },
  {
    name: 'a base that is red: no batch is opened',
    items: { '001-a.md': item() },
    files: { 'src/bad.txt': 'bad\n' },
    codes: [1],
    rest: 'none',
    expected: {},
  },
  {
    name: 'a command beyond the final profile is asked too',
    items: { '001-a.md': item({ tasks: '## T1: It is there\n- pathChanged: src/**\n- commandRef: deep\n' }) },
    files: { 'deep.sh': 'test -e src/deep.txt\n' },
    config: {
      commands: {
        test: { argv: ['sh', 'check.sh'], network: 'none' },
        deep: { argv: ['sh', 'deep.sh'], network: 'none', evidence: true },
      },
    },
    script: { '001': [{ steps: [write('src/one.txt')] }, { steps: [write('src/deep.txt')] }] },
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done' },
    starts: 2,
    landed: { 'src/deep.txt': 'x\n' },
  },
  {
    name: 'a command beyond the final profile that passes already: already-met',
    items: { '001-a.md': item({ tasks: '## T1: It holds\n- commandRef: deep\n' }) },
    files: { 'deep.sh': 'true\n' },
    config: {
      commands: {
        test: { argv: ['sh', 'check.sh'], network: 'none' },
        deep: { argv: ['sh', 'deep.sh'], network: 'none', evidence: true },
      },
    },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked already-met' },
    starts: 0,
  },
  {
    name: 'evidence that holds already, and the item allows it: done without a change',
    items: {
      '001-a.md': item({
        front: 'allowVacuous: true\n',
        tasks: '## T1: It is there\n- pathExists: src/a.txt\n',
      }),
    },
    script: { '001': [{}] },
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done' },
    starts: 1,
  },
  {
    name: 'the time is over: the agent is ended, its files stay, and the next call takes the turn again',
    items: { '001-a.md': item() },
    script: {
      '001': [{ steps: [write('src/half.txt'), { sh: 'touch ../../../../../agent/there; exec sleep 600' }] }],
    },
    runs: [[], []],
    prepare: (site) =>
      site.script({
        '001': [
          { steps: [write('src/half.txt'), { sh: `touch "${site.at('agent')}/there"; exec sleep 600` }] },
        ],
      }),
    meanwhile: async (site, running, nth) => {
      if (nth > 0) return
      await new Promise<void>((resolve) => {
        const watcher = fs.watch(site.at('agent'), (_event, name) => {
          if (name !== 'there') return
          watcher.close()
          resolve()
        })
      })
      running.child.kill('SIGTERM')
    },
    before: (site, nth) =>
      nth === 1 &&
      site.script({ '001': [{ steps: [{ sh: 'test -e src/half.txt && echo x > src/whole.txt' }] }] }),
    codes: [143, 0],
    rest: 'completed',
    expected: { '001': 'done' },
    opened: ['001'],
    landed: { 'src/half.txt': 'x\n', 'src/whole.txt': 'x\n' },
  },
]

test.each(sampleOf(batches, 10, 4))('$name', play, 120_000)
