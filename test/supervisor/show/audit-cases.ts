import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { readEnv } from '../../../src/base/env.ts'
import { sha256 } from '../../../src/base/hash.ts'
import { itemDigest } from '../../../src/backlog/parse-item.ts'
import { realContext } from '../../../src/records/context.ts'
import { auditBatch } from '../../../src/views/audit/batch/audit-batch.ts'
import type { BatchAudit } from '../../../src/views/audit/batch/types.ts'
import type { FrozenItem } from '../../../src/supervisor/record/events.ts'
import { answer } from '../asked.ts'
import { batchDirectory, site } from './played.ts'
import { type Undo, change, moveAway, rewrite, withData } from './tamper.ts'

/* `audit` of a batch: one that is honest adds up, and each single change of anything that it rests on is found. */

const ledger = (): string => path.join(batchDirectory(), 'ledger.jsonl')
const attempt = (...names: string[]): string => path.join(batchDirectory(), 'attempts', ...names)
const engine = (name: string): string => attempt(name, 'judged/ledger.jsonl')
const ours = (...args: string[]): string =>
  execFileSync('git', ['--git-dir', site.bare(), ...args], { encoding: 'utf8' }).trim()
const ref = (kind: string, ...more: string[]): string =>
  ['refs/autonomous-loop', kind, path.basename(batchDirectory()), ...more].join('/')

function moveRef(name: string, to: string | null): Undo {
  const was = ours('rev-parse', name)
  ours('update-ref', ...(to === null ? ['-d', name] : [name, to]))
  return () => void ours('update-ref', name, was)
}

const of =
  (item: string, data: (was: Record<string, unknown>) => Record<string, unknown> | null) =>
  (was: Record<string, unknown>): Record<string, unknown> | null =>
    was['item'] === item ? data(was) : was

/** The frozen items of a batch, with the text of 001 changed. */
const items = (was: Record<string, unknown>, digest: boolean): Record<string, unknown> => ({
  ...was,
  items: (was['items'] as readonly FrozenItem[]).map((one) => {
    if (one.id !== '001') return one
    const text = one.text.replace('pathChanged: src/**', 'pathExists: src/cart.txt')
    return { ...one, text, ...(digest ? { digest: itemDigest({ name: '001-cart.md', text }) } : {}) }
  }),
})

const log = (name: string): string => attempt('002-1/judged/gates', name)
const firstIn = (parent: string, part: string): string =>
  path.join(
    parent,
    fs.readdirSync(parent).find((one) => one.includes(part))!,
  )

/** What is changed, how, and which finding says so. */
const ROWS: readonly (readonly [what: string, () => Undo, code: string])[] = [
  [
    'a byte of the ledger',
    () => change(ledger(), (was) => was.toString().replace('"fake"', '"fakf"')),
    'ledger-broken',
  ],
  ['the ledger is gone', () => change(ledger(), () => null), 'ledger-gone'],
  ['its last write was cut short', () => change(ledger(), (was) => was.subarray(0, -20)), 'torn-tail'],
  [
    'a block becomes a release',
    () =>
      rewrite(
        ledger(),
        withData(
          'judged',
          of('002', (was) => ({ ...was, verdict: 'release' })),
        ),
      ),
    'verdict-differs',
  ],
  [
    'a release becomes a block',
    () =>
      rewrite(
        ledger(),
        withData(
          'judged',
          of('001', (was) => ({ ...was, verdict: 'block' })),
        ),
      ),
    'done-unreleased',
  ],
  [
    'a verdict is left out',
    () =>
      rewrite(
        ledger(),
        withData(
          'judged',
          of('001', () => null),
        ),
      ),
    'done-unreleased',
  ],
  [
    'the release is of another head',
    () =>
      rewrite(
        ledger(),
        withData(
          'judged',
          of('001', (was) => ({ ...was, head: was['tree'] })),
        ),
      ),
    'done-unreleased',
  ],
  [
    'a verdict of nobody',
    () =>
      rewrite(
        ledger(),
        withData(
          'judged',
          of('001', (was) => ({ ...was, ledgerHead: sha256('x') })),
        ),
      ),
    'verdict-unrecorded',
  ],
  [
    'what stood in the way',
    () =>
      rewrite(
        ledger(),
        withData(
          'judged',
          of('002', (was) => ({ ...was, signature: sha256('x') })),
        ),
      ),
    'verdict-differs',
  ],
  [
    'gates that nobody asked',
    () =>
      rewrite(
        ledger(),
        withData(
          'judged',
          of('001', (was) => ({ ...was, without: ['test'] })),
        ),
      ),
    'verdict-differs',
  ],
  [
    'the tree that was judged',
    () =>
      rewrite(
        ledger(),
        withData(
          'judged',
          of('001', (was) => ({ ...was, tree: was['head'] })),
        ),
      ),
    'tree-differs',
  ],
  [
    'the head moves from elsewhere',
    () =>
      rewrite(
        ledger(),
        withData('integrated', (was) => ({ ...was, from: was['commit'] })),
      ),
    'head-jump',
  ],
  [
    'an attempt from elsewhere',
    () =>
      rewrite(
        ledger(),
        withData(
          'attempt-opened',
          of('002', (was) => ({ ...was, base: '0'.repeat(40) })),
        ),
      ),
    'attempt-base',
  ],
  [
    'the text of an item',
    () =>
      rewrite(
        ledger(),
        withData('batch-opened', (was) => items(was, false)),
      ),
    'item-digest',
  ],
  [
    'the text of an item and its digest',
    () => {
      let digest: unknown
      return rewrite(ledger(), (line) => {
        const opened = withData('batch-opened', (was) => {
          const now = items(was, true)
          digest = (now['items'] as readonly FrozenItem[]).find((one) => one.id === '001')?.digest
          return now
        })(line)
        return (
          opened &&
          withData(
            'attempt-opened',
            of('001', (was) => ({ ...was, digest })),
          )(opened)
        )
      })
    },
    'verdict-differs',
  ],
  [
    'the text of the config',
    () =>
      rewrite(
        ledger(),
        withData('batch-opened', (was) => ({ ...was, config: { ...(was['config'] as object), text: '{}' } })),
      ),
    'config-digest',
  ],
  [
    'the time of an event',
    () => rewrite(ledger(), (line) => (line.type === 'integrated' ? { ...line, at: 1 } : line)),
    'clock-back',
  ],
  [
    'a byte of the engine’s record',
    () => change(engine('001-1'), (was) => was.toString().replace('"release"', '"releasf"')),
    'ledger-broken',
  ],
  ['the engine’s record is gone', () => change(engine('001-1'), () => null), 'verdict-gone'],
  [
    'the engine’s record is that of another',
    () => change(engine('001-1'), () => fs.readFileSync(engine('002-1'))),
    'verdict-unrecorded',
  ],
  [
    'a release without its gate',
    () =>
      rewrite(
        engine('001-1'),
        withData('stop', (was) => ({ ...was, commands: [] })),
      ),
    'release-unproved',
  ],
  ['a baseline is gone', () => moveAway(firstIn(attempt('001-1/judged'), '.json.gz')), 'baseline-missing'],
  [
    'the config is not approved',
    () => moveAway(firstIn(path.join(site.home, 'approved'), '')),
    'approval-missing',
  ],
  [
    'the head is moved back',
    () => moveRef(ref('heads'), ours('rev-parse', `${ref('heads')}~1`)),
    'head-elsewhere',
  ],
  [
    'the head is moved on',
    () => moveRef(ref('heads'), ours('rev-parse', ref('attempts', '002', '1'))),
    'head-elsewhere',
  ],
  ['the head is gone', () => moveRef(ref('heads'), null), 'head-elsewhere'],
  [
    'an integrated commit is another',
    () =>
      rewrite(
        ledger(),
        withData('integrated', (was) => ({ ...was, commit: ours('rev-parse', ref('attempts', '001', '1')) })),
      ),
    'head-elsewhere',
  ],
  [
    'an integrated commit is gone',
    () => {
      const commit = site.head()
      return moveAway(path.join(site.bare(), 'objects', commit.slice(0, 2), commit.slice(2)))
    },
    'commit-gone',
  ],
  ['rescued work has no ref', () => moveRef(ref('rescue', '002', '1'), null), 'rescue-gone'],
  ['work has no ref', () => moveRef(ref('attempts', '002', '1'), null), 'attempt-gone'],
  ['our repository is gone', () => moveAway(site.bare()), 'commits-unseen'],
  [
    'the target was moved back',
    () => (
      site.git('update-ref', 'refs/heads/main', 'main~1'),
      () => void site.git('update-ref', 'refs/heads/main', site.head())
    ),
    'landed-undone',
  ],
  [
    'what was landed was something else',
    () =>
      rewrite(
        ledger(),
        withData('landed', (was) => ({ ...was, commit: ours('rev-parse', ref('attempts', '002', '1')) })),
      ),
    'landed-other',
  ],
  ['a prompt is gone', () => change(attempt('002-1/turn-1/prompt.md'), () => null), 'prompt-gone'],
  ['a log of a gate is gone', () => moveAway(log('1-test.room.log')), 'log-gone'],
]

test('an honest batch adds up, and each single change is found', async () => {
  expect(await look()).toMatchObject({
    items: { all: 3, done: 1 },
    looked: { verdicts: 2, commits: 2, refs: 4 },
    findings: [],
  })
  const found: (readonly [string, string, boolean])[] = []
  for (const [what, tamper, code] of ROWS) {
    const undo = tamper()
    const { findings } = await look()
    undo()
    found.push([what, code, findings.some((one) => one.code === code)])
    for (const one of findings) expect(one).toMatchObject({ where: /./, todo: /./ })
  }
  expect(found.filter(([, , isFound]) => !isFound)).toEqual([])
  expect((await look()).findings).toEqual([])
}, 120_000)

test('the command ends with 1 and says what, where, and what to do; a target that is gone is no finding', async () => {
  expect(await answer(site, 0, 'audit')).toMatchObject({
    ok: true,
    sessions: [],
    batches: [{ batch: path.basename(batchDirectory()), ok: true, done: 1, findings: [] }],
  })
  const undo = moveRef(ref('rescue', '002', '1'), null)
  expect(await answer(site, 1, 'audit', path.basename(batchDirectory()).slice(0, 13))).toMatchObject({
    batch: path.basename(batchDirectory()),
    ok: false,
    findings: [{ code: 'rescue-gone', level: 'broken', where: ref('rescue', '002', '1') }],
  })
  const { code, stdout } = await site.cli(['audit', '--batch', '--text'])
  undo()
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: expect.stringMatching(
      /BROKEN {2}rescue-gone[^]*where: refs\/[^]*do: [^]*1 thing does not add up/,
    ),
  })
  site.git('checkout', '-q', '-b', 'other')
  site.git('branch', '-qD', 'main')
  expect((await look()).findings).toEqual([])
  site.git('checkout', '-q', '-b', 'main')
}, 60_000)

function look(): Promise<BatchAudit> {
  const env = { ...readEnv(), home: site.home, codexHome: site.at('codex-home') }
  return auditBatch(
    realContext(env),
    path.basename(path.dirname(batchDirectory())),
    path.basename(batchDirectory()),
  )
}
