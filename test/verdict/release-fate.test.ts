import { expect, test } from '@jest/globals'
import { type ReleaseCase, type ReleaseSeen, fateOf } from '../../src/verdict/release-fate.ts'
import { finalWords, reopenedWords } from '../../src/verdict/words/release.ts'

const same: ReleaseSeen = { kind: 'unchanged' }
const moved: ReleaseSeen = { kind: 'changed', changes: { paths: ['src/a.ts'], more: 2 } }
const blind: ReleaseSeen = { kind: 'not-looked', why: 'git does not answer' }
const asked = (over: Partial<ReleaseCase>): ReleaseCase => ({
  how: 'prompt',
  live: true,
  prompted: false,
  worked: false,
  ...over,
})

test.each<[string, ReleaseSeen, Partial<ReleaseCase>, string]>([
  ['nothing differs', same, {}, 'final'],
  ['nothing differs after a turn of the agent', same, { worked: true }, 'final'],
  ['somebody changed it', moved, {}, 'final'],
  ['the agent changed it', moved, { worked: true }, 'reopened'],
  ['the agent worked, by a prompt of the person', moved, { worked: true, prompted: true }, 'final'],
  ['no look at a prompt', blind, {}, 'provisional'],
  ['no look at a prompt after a turn of the agent', blind, { worked: true }, 'reopened'],
  ['no look at the stop after it', blind, { how: 'stop', prompted: true }, 'final'],
  ['no look for an exit code', blind, { how: 'check' }, 'provisional'],
  [
    'no look for an exit code, after a turn of the agent',
    blind,
    { how: 'check', worked: true },
    'provisional',
  ],
  ['asked while the agent is at work', same, { how: 'check', worked: true }, 'provisional'],
  ['asked when it is gone', same, { how: 'check', worked: true, live: false }, 'final'],
  [
    'the end of a session that cannot be looked at',
    blind,
    { how: 'session-end', live: false },
    'provisional',
  ],
])('%s', (_what, seen, over, kind) => {
  expect(fateOf(seen, asked(over)).kind).toBe(kind)
})

test('what is final keeps how, what was seen, and what differed', () => {
  const fate = fateOf(moved, asked({ how: 'check' }))
  expect(fate).toEqual({
    kind: 'final',
    look: { how: 'check', looked: 'changed', changes: { paths: ['src/a.ts'], more: 2 }, why: null },
  })
  if (fate.kind === 'final') expect(finalWords(fate.look)).toContain('src/a.ts and 2 more')
  expect(reopenedWords(null)).toBe('the agent went on after its release')
})
