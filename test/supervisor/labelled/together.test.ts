import fs from 'node:fs'
import { expect, test } from '@jest/globals'
import { type Running, type Site, item } from '../rig.ts'
import { sampleOf } from '../../rig/long.ts'
import { type Labelled, play } from './play.ts'

const write = (file: string, text = 'x\n') => ({ write: file, text })
/** The first one ends once the second has begun, and the second one once the first is in the head. */
const first = (site: Site) => ({ sh: `while ! test -e "${site.at('agent/begun')}"; do sleep 0.05; done` })
const second = (site: Site) => ({
  sh: `touch "${site.at('agent/begun')}"; while ! test -e "${site.at('agent/go')}"; do sleep 0.05; done`,
})
const afterFirst = async (site: Site, running: Running): Promise<void> => {
  await running.event((one) => one.type === 'integrated' && one.data.item === '001')
  fs.writeFileSync(site.at('agent/go'), '')
}

const batches: readonly Labelled[] = [
  {
    name: 'three jobs, three items apart: all of them are done, each on the head of the one before',
    items: {
      '001-a.md': item({ scope: '[src/a/**]' }).replace('src/**\n', 'src/a/**\n'),
      '002-b.md': item({ scope: '[src/b/**]' }).replace('src/**\n', 'src/b/**\n'),
      '003-c.md': item({ scope: '[src/c/**]' }).replace('src/**\n', 'src/c/**\n'),
    },
    runs: [['--jobs', '3']],
    script: {
      '001': [{ steps: [write('src/a/x.txt')] }],
      '002': [{ steps: [write('src/b/x.txt')] }],
      '003': [{ steps: [write('src/c/x.txt')] }],
    },
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done', '002': 'done', '003': 'done' },
    landed: { 'src/a/x.txt': 'x\n', 'src/b/x.txt': 'x\n', 'src/c/x.txt': 'x\n' },
    starts: 3,
  },
  {
    name: 'after, priority and what waits decide the order',
    items: {
      '001-late.md': item({ front: 'after: [003]\n' }),
      '002-last.md': item({ front: 'priority: 5\n' }),
      '003-soon.md': item(),
      '004-first.md': item({ front: 'priority: 1\n' }),
    },
    script: {
      '001': [{ steps: [write('src/1.txt')] }],
      '002': [{ steps: [write('src/2.txt')] }],
      '003': [{ steps: [write('src/3.txt')] }],
      '004': [{ steps: [write('src/4.txt')] }],
    },
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done', '002': 'done', '003': 'done', '004': 'done' },
    opened: ['004', '003', '001', '002'],
  },
  {
    name: 'two with the same word are never at work together',
    items: {
      '001-a.md': item({ front: 'exclusive: [db]\n' }),
      '002-b.md': item({ front: 'exclusive: [db]\n' }),
    },
    runs: [['--jobs', '2']],
    script: { '001': [{ steps: [write('src/1.txt')] }], '002': [{ steps: [write('src/2.txt')] }] },
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done', '002': 'done' },
    check: (_site, events) => {
      const order = events.flatMap((one) =>
        one.type === 'attempt-opened' || one.type === 'integrated' ? [`${one.type} ${one.data.item}`] : [],
      )
      expect(order).toEqual(['attempt-opened 001', 'integrated 001', 'attempt-opened 002', 'integrated 002'])
    },
  },
  {
    name: 'two that pass alone and fail joined: the second is not done until it fits',
    items: { '001-a.md': item(), '002-b.md': item() },
    files: { 'check.sh': '! { test -e src/one.txt && test -e src/two.txt; }\n' },
    runs: [['--jobs', '2']],
    meanwhile: afterFirst,
    prepare: (site) =>
      site.script({
        '001': [{ steps: [write('src/one.txt'), first(site)] }],
        '002': [{ steps: [write('src/two.txt'), second(site)] }],
      }),
    supervisor: { limits: { attempts: 1, turns: 2 } },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'done', '002': 'parked attempts' },
    landed: { 'src/one.txt': 'x\n', 'src/two.txt': null },
    check: (_site, events) => {
      const told = events.find(
        (one) => one.type === 'judged' && one.data.item === '002' && one.data.verdict === 'block',
      )
      expect(told).toBeDefined()
    },
  },
  {
    name: 'the same line changed by two: the second is told of the conflict and fits in on the next attempt',
    items: { '001-a.md': item(), '002-b.md': item() },
    runs: [['--jobs', '2']],
    meanwhile: afterFirst,
    prepare: (site) =>
      site.script({
        '001': [{ steps: [write('src/a.txt', 'one\n'), first(site)] }],
        '002': [
          { at: '1.1', steps: [write('src/a.txt', 'two\n'), second(site)] },
          {
            steps: [
              { sh: 'grep -q one src/a.txt && printf "one\\ntwo\\n" > src/a.txt || echo two > src/a.txt' },
            ],
          },
        ],
      }),
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done', '002': 'done' },
    landed: { 'src/a.txt': 'one\ntwo\n' },
    told: ['does not join with what others have finished', 'src/a.txt'],
  },
  {
    name: 'a file renamed on the head, edited by another: a conflict, and no edit lands in the renamed file',
    items: {
      '001-move.md': item({ scope: '[src/**, lib/**]' }),
      '002-edit.md': item(),
    },
    runs: [['--jobs', '2']],
    files: { 'src/long.txt': 'a\nb\nc\nd\ne\nf\ng\n' },
    meanwhile: afterFirst,
    prepare: (site) =>
      site.script({
        '001': [
          {
            steps: [{ sh: 'mkdir lib && mv src/long.txt lib/long.txt' }, first(site)],
          },
        ],
        '002': [{ steps: [{ sh: 'sed -i s/a/A/ src/long.txt' }, second(site)] }],
      }),
    supervisor: { limits: { attempts: 1, noProgress: 2 } },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'done', '002': 'parked attempts' },
    landed: { 'lib/long.txt': 'a\nb\nc\nd\ne\nf\ng\n', 'src/long.txt': null },
    told: ['src/long.txt'],
  },
  {
    name: 'a file removed on the head, edited by another: a conflict',
    items: { '001-remove.md': item(), '002-edit.md': item() },
    runs: [['--jobs', '2']],
    files: { 'src/b.txt': 'b\n' },
    meanwhile: afterFirst,
    prepare: (site) =>
      site.script({
        '001': [{ steps: [{ remove: 'src/b.txt' }, first(site)] }],
        '002': [{ steps: [write('src/b.txt', 'B\n'), second(site)] }],
      }),
    supervisor: { limits: { attempts: 1, noProgress: 2 } },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'done', '002': 'parked attempts' },
    landed: { 'src/b.txt': null },
  },
  {
    name: 'work of another item reverted: gates that came with it say so',
    items: {
      '001-a.md': item({ scope: '[src/**, test/**]' }),
      '002-b.md': item({ front: 'after: [001]\n' }),
    },
    files: { 'check.sh': 'for one in test/*.sh; do test -e "$one" || continue; sh "$one" || exit 1; done\n' },
    script: {
      '001': [{ steps: [write('src/one.txt'), write('test/one.sh', 'test -e src/one.txt\n')] }],
      '002': [{ steps: [write('src/two.txt'), { remove: 'src/one.txt' }] }],
    },
    supervisor: { limits: { attempts: 1, noProgress: 2 } },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'done', '002': 'parked attempts' },
    landed: { 'src/one.txt': 'x\n', 'src/two.txt': null },
  },
  {
    name: 'what one did already is nothing to do for the next: already-met, and no attempt is spent',
    items: {
      '001-a.md': item({ tasks: '## T1: It is there\n- pathExists: src/one.txt\n' }),
      '002-b.md': item({ front: 'after: [001]\n', tasks: '## T1: It is there\n- pathExists: src/one.txt\n' }),
    },
    script: { '001': [{ steps: [write('src/one.txt')] }], '002': [{ steps: [write('src/two.txt')] }] },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'done', '002': 'parked already-met' },
    landed: { 'src/two.txt': null },
    starts: 1,
  },
  {
    name: 'two did the same at the same time: nothing is left of the second',
    items: { '001-a.md': item(), '002-b.md': item() },
    runs: [['--jobs', '2']],
    meanwhile: afterFirst,
    prepare: (site) =>
      site.script({
        '001': [{ steps: [write('src/one.txt'), first(site)] }],
        '002': [{ steps: [write('src/one.txt'), second(site)] }],
      }),
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'done', '002': 'parked already-met' },
    landed: { 'src/one.txt': 'x\n' },
  },
  {
    name: 'a red base with an item that mends it: it goes first and alone',
    items: {
      '001-feature.md': item({ front: 'priority: 1\n' }),
      '002-mend.md': item({ front: 'mends: [test]\npriority: 9\n' }),
    },
    files: { 'src/bad.txt': 'bad\n' },
    runs: [['--jobs', '2']],
    script: {
      '001': [{ steps: [write('src/one.txt')] }],
      '002': [{ steps: [{ remove: 'src/bad.txt' }] }],
    },
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done', '002': 'done' },
    opened: ['002', '001'],
    landed: { 'src/bad.txt': null, 'src/one.txt': 'x\n' },
  },
  {
    name: 'two red gates, each with an item that mends it',
    items: {
      '001-mend.md': item({ front: 'mends: [test]\n' }),
      '002-mend.md': item({ front: 'mends: [lint]\n' }),
    },
    config: {
      commands: {
        test: { argv: ['sh', 'check.sh'], network: 'none' },
        lint: { argv: ['sh', 'lint.sh'], network: 'none' },
      },
      gateProfiles: { fast: [], default: [], final: ['test', 'lint'] },
    },
    files: { 'src/bad.txt': 'bad\n', 'lint.sh': 'test ! -e src/ugly.txt\n', 'src/ugly.txt': 'ugly\n' },
    script: {
      '001': [{ steps: [{ remove: 'src/bad.txt' }] }],
      '002': [{ steps: [{ remove: 'src/ugly.txt' }] }],
    },
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done', '002': 'done' },
    landed: { 'src/bad.txt': null, 'src/ugly.txt': null },
  },
  {
    name: 'an item that mends does not leave another gate red that was green',
    items: { '001-mend.md': item({ front: 'mends: [test]\n' }) },
    config: {
      commands: {
        test: { argv: ['sh', 'check.sh'], network: 'none' },
        lint: { argv: ['sh', 'lint.sh'], network: 'none' },
      },
      gateProfiles: { fast: [], default: [], final: ['test', 'lint'] },
    },
    files: { 'src/bad.txt': 'bad\n', 'lint.sh': 'test ! -e src/ugly.txt\n' },
    script: { '001': [{ steps: [{ move: 'src/bad.txt', to: 'src/ugly.txt' }] }] },
    supervisor: { limits: { attempts: 1, noProgress: 2 } },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked attempts' },
    landed: { 'src/bad.txt': 'bad\n', 'src/ugly.txt': null },
  },
  {
    name: 'what waits for a parked item waits, and everything else goes on',
    items: {
      '001-a.md': item(),
      '002-b.md': item({ front: 'after: [001]\n' }),
      '003-c.md': item(),
    },
    script: {
      '001': [{ answer: { status: 'blocked', summary: 'no access' } }],
      '002': [{ steps: [write('src/two.txt')] }],
      '003': [{ steps: [write('src/three.txt')] }],
    },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked blocked', '002': 'open', '003': 'done' },
    landed: { 'src/three.txt': 'x\n', 'src/two.txt': null },
  },
]

test.each(sampleOf(batches, 7, 3))('$name', play, 120_000)
