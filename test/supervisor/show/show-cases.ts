import path from 'node:path'
import { expect, test } from '@jest/globals'
import { answer } from '../asked.ts'
import { HOSTILE, batchDirectory, site } from './played.ts'

/* `show` and `explain`. */

test('an item that is done: what was claimed, what was verified, its work, its judging', async () => {
  const shown = await answer(site, 0, 'show', '1')
  expect(shown).toMatchObject({
    batch: path.basename(batchDirectory()),
    batch_state: 'parked',
    item: { id: '001', state: 'done', commit: site.head() },
    title: 'Add a cart',
    attempts: [{ attempt: 1, ended: true, failure: null, starts: 2, rescue: null }],
    shown: {
      attempt: 1,
      claimed: { turn: 2, status: 'complete', summary: 'I added the cart' },
      verified: { commit: site.head(), gates_passed: ['test'] },
      starts: [{ turn: 1, outcome: { answer: { summary: HOSTILE } } }, { turn: 2 }],
      turns: [
        { turn: 1, prompt: { text: null }, log: { is_whole: true, text: 'nothing to do' } },
        { turn: 2, log: { text: 'one\ntwo token=***\n\u001b[31mthree\u001b[0m' } },
      ],
      looks: [
        { kind: 'findings', turn: 1, findings: [{ kind: 'no-change', path: '.' }] },
        {
          kind: 'judged',
          turn: 2,
          verdict: 'release',
          judgement: { verdict: 'release', commands: [{ name: 'test', outcome: 'passed', exit_code: 0 }] },
        },
      ],
      work: {
        what: 'integrated',
        commit: site.head(),
        files: [
          { path: 'src/cart.txt', added: 2, removed: 0 },
          { path: 'src/old.txt', added: 0, removed: 1 },
        ],
        patch: null,
      },
    },
    next: null,
  })
  const whole = await answer(site, 0, 'show', '001', '--diff', '--prompt', '--log')
  expect(whole).toMatchObject({
    shown: {
      work: {
        patch: expect.stringMatching(/\+\+\+ b\/src\/cart\.txt\n@@ -0,0 \+1,2 @@\n\+cart\n\+wheels\n/),
      },
      turns: [
        { prompt: { text: expect.stringContaining('# Add a cart') } },
        { prompt: { text: expect.stringContaining('nothing has changed yet') } },
      ],
    },
  })
}, 120_000)

test('an item that is parked: nothing is verified, the gate speaks, the work is kept, and `git` shows it', async () => {
  const shown = await answer(site, 0, 'show', '002')
  expect(shown).toMatchObject({
    item: { state: 'parked', code: 'attempts' },
    attempts: [{ failure: { kind: 'turns' }, counted: true }],
    shown: {
      claimed: { status: 'complete', summary: 'all gates pass' },
      verified: null,
      looks: [
        {
          verdict: 'block',
          red: ['test'],
          judgement: {
            because: ['test failed.'],
            commands: [
              { outcome: 'failed', exit_code: 1, tail: expect.stringContaining('bad.txt is there') },
            ],
          },
        },
      ],
      work: { what: 'candidate', files: [{ path: 'src/bad.txt', added: 1, removed: 0 }] },
      rescue: expect.stringMatching(/^refs\/autonomous-loop\/rescue\/.*\/002\/1$/),
      git_dir: site.bare(),
    },
    next: 'autonomous-loop retry 002',
  })
  const { rescue } = shown['shown'] as { readonly rescue: string }
  expect(site.show('src/bad.txt', rescue)).toBe('bad\n')
  expect(await answer(site, 0, 'show', '3')).toMatchObject({
    item: { state: 'waiting', waits_for: { kind: 'after', items: ['002'] } },
    attempts: [],
    shown: null,
    next: 'autonomous-loop show 002',
  })
}, 120_000)

test('a person reads it: the summary first, words of an agent behind a bar, no control of theirs', async () => {
  const seen = await page(['show', '001', '--attempt', '1'])
  expect(seen.filter((line) => line.length > 80 && !line.includes('/'))).toEqual([])
  expect(seen.slice(0, 2)).toEqual(['001 Add a cart', expect.stringMatching(/^ {2}state {2}done: commit /)])
  expect(seen).toContainEqual(expect.stringMatching(/^ {2}claimed {3}complete, in turn 2; nobody checked/))
  expect(seen).toContainEqual(expect.stringMatching(/^ {12}│ I added the cart$/))
  expect(seen).toContainEqual(
    expect.stringMatching(/^ {2}verified {2}in the head as [0-9a-f]{12}; on its tree/),
  )
  expect(seen).toContain('  │ two token=***')
  const parked = await page(['show', '002', '--diff'])
  expect(parked).toContain('  │ +bad')
  expect(parked).toContain('  │ 100')
  expect(parked).not.toContain('  │ 50')
  expect(parked.at(-1)).toBe('next: autonomous-loop retry 002')
}, 120_000)

test('what is not there is said, with the command that goes on', async () => {
  const rows: readonly (readonly [number, readonly string[], object])[] = [
    [1, ['show', '9'], { error_code: 'no-item', message: expect.stringContaining('001, 002, 003') }],
    [
      1,
      ['show', '2', '--attempt', '7'],
      { error_code: 'no-attempt', remediation: 'autonomous-loop show 002' },
    ],
    [1, ['show', '1', '--batch-id', '20000101-'], { error_code: 'batch-missing' }],
    [1, ['explain', '--item', '1', '--stop', '4'], { error_code: 'no-stop' }],
    [2, ['explain', '--attempt', '1'], { error_code: 'usage' }],
  ]
  const said = await Promise.all(rows.map(([code, args]) => answer(site, code, ...args)))
  expect(said).toMatchObject(rows.map(([, , what]) => what))
}, 60_000)

test('explain takes a batch apart, and one item of it', async () => {
  expect(await answer(site, 0, 'explain')).toMatchObject({
    state: 'parked',
    code: 'items',
    items: 3,
    open: [
      {
        item: { id: '002' },
        attempt: 1,
        failure: { kind: 'turns' },
        look: { verdict: 'block', red: ['test'] },
      },
      { item: { id: '003', waits_for: { items: ['002'] } }, attempt: null, look: null },
    ],
    next: 'autonomous-loop retry --all',
  })
  const batch = path.basename(batchDirectory())
  expect(await answer(site, 0, 'explain', batch, '--item', '2')).toMatchObject({
    batch,
    item: { id: '002' },
    look: { judgement: { verdict: 'block', evidence: [{ task_id: 'T1', met: true }] } },
    ledger: { integrity: 'intact' },
    next: 'autonomous-loop retry 002',
  })
  const words = await page(['explain', '--item', '001'])
  expect(words).toContainEqual(expect.stringMatching(/^Turn 2: released/))
  expect(words).toContainEqual(expect.stringMatching(/^ {2}passed {2}test/))
}, 120_000)

/** What a person reads, line by line. */
async function page(args: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await site.cli([...args, '--text'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.trimEnd().split('\n')
}
