import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import { changedBefore } from '../../src/control/changed-before.ts'
import { type LiveRecord, writeLive } from '../../src/records/live.ts'
import { pinId } from '../../src/definition/pin-id.ts'
import type { Pin } from '../../src/definition/types.ts'
import { shapeProblem } from '../../src/ledger/shape.ts'
import { changedBeforeWords } from '../../src/verdict/words/changed-before.ts'
import { freshRun } from '../verdict/make.ts'

const script = (text: string): Pin => ({
  id: pinId('part', 'package.json#scripts.test'),
  value: sha256(text),
  file: 'package.json',
  text,
})
const approval = { path: '/repo/.codex/autoloop.project.json', sha256: sha256('config') }
const live: LiveRecord = {
  v: 1,
  sessionId: 's',
  codex: null,
  at: 1,
  cwd: '/repo',
  source: 'startup',
  repoRoot: '/repo',
  head: null,
  spool: '/tmp/none',
  config: approval,
  pins: [script('tool')],
}

let home = ''
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'changed-before-'))
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

const rows: [string, LiveRecord | null, readonly Pin[], number][] = [
  ['the same pins', live, [script('tool')], 0],
  ['another script', live, [script('true')], 1],
  ['no live record', null, [script('true')], 0],
  ['a session without an approved config', { ...live, config: null, pins: null }, [script('true')], 0],
  ['another root', { ...live, repoRoot: '/other' }, [script('true')], 0],
  [
    'another config: a person approved it',
    { ...live, config: { ...approval, sha256: sha256('x') } },
    [script('true')],
    0,
  ],
  [
    'seen by a resume already',
    { ...live, pins: [script('true')], began: [script('tool')] },
    [script('true')],
    1,
  ],
  [
    'put back after a resume',
    { ...live, pins: [script('true')], began: [script('tool')] },
    [script('tool')],
    0,
  ],
]
test.each(rows)('%s', (_name, record, pins, count) => {
  if (record) writeLive(home, record)
  const changes = changedBefore(home, 's', '/repo', approval, pins)
  expect(changes).toHaveLength(count)
  for (const change of changes)
    expect(change).toMatchObject({
      file: 'package.json',
      member: 'scripts.test',
      difference: { kind: 'value', was: '`tool`', now: '`true`' },
    })
})

test('the words: what, that it holds, and the way back', () => {
  const change = {
    id: 'a',
    file: 'package.json',
    member: 'scripts.test',
    difference: { kind: 'value', was: '`tool`', now: '`true`' },
  } as const
  expect(changedBeforeWords([change])).toBe(
    [
      'ATTENTION: the gate definition has changed since this session began:',
      '- package.json scripts.test: was `tool`, now `true`',
      'The contract holds the new state. If you did not want that: type "autonomous-loop disable", put back package.json, and arm again.',
    ].join('\n'),
  )
  expect(changedBeforeWords([])).toBe('')
  const many = changedBeforeWords(Array.from({ length: 40 }, (_one, at) => ({ ...change, file: `f${at}` })))
  expect(many).toContain('- and 32 more')
  expect(many).toContain('f0, f1, f2 and the others')
})

test.each<[unknown, boolean]>([
  ['text', false],
  [[null], false],
  [[{ file: 'a' }], false],
  [{}, false],
  [[{ id: 'a', file: 'b', text: 'c' }], true],
  [[{ id: 'a', file: 'b', member: null, difference: { kind: 'more', count: 2 } }], true],
  [undefined, true],
])('a record %j does not throw in who reads it', (changed, right) => {
  expect(shapeProblem('activated', { ...freshRun.activation, changedBefore: changed }) === null).toBe(right)
})
