import { expect, test } from '@jest/globals'
import { configChanges } from '../../src/contract/config-changes.ts'
import { parseProjectConfig } from '../../src/contract/config.ts'

function read(more: object) {
  const text = JSON.stringify({ version: 2, commands: { test: ['npm', 'test'] }, ...more })
  const result = parseProjectConfig(text, 'config')
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

test.each([
  [{}, {}, []],
  // Another spelling, and a default that is written out, say the same.
  [
    { prepare: [['npm', 'ci']], copy: ['./a/'] },
    { prepare: [{ argv: ['npm', 'ci'], network: 'none' }], copy: ['a/**'] },
    [],
  ],
  [{}, { policy: { verify: 'clean-room' } }, [{ path: 'policy.verify', was: undefined, now: 'clean-room' }]],
  [
    { prepare: [['npm', 'ci']] },
    { prepare: [{ argv: ['npm', 'ci'], network: 'full' }] },
    [{ path: 'prepare[0].network', was: 'none', now: 'full' }],
  ],
  [
    { prepare: [['npm', 'ci']] },
    { prepare: [['npm', 'install']] },
    [{ path: 'prepare[0].argv', was: ['npm', 'ci'], now: ['npm', 'install'] }],
  ],
  [{ prepare: [] }, {}, [{ path: 'prepare', was: [], now: undefined }]],
  [{ copy: ['a', 'b'] }, { copy: ['b', 'a'] }, [{ path: 'copy', was: ['a', 'b'], now: ['b', 'a'] }]],
])('%j, then %j', (before, now, changes) => {
  expect(configChanges(read(before), read(now))).toEqual(changes)
})

test('a step that is new, and one that is gone, are one change each', () => {
  const one = { prepare: [['a']] }
  const two = { prepare: [['a'], ['b']] }
  expect(configChanges(read(one), read(two))).toEqual([
    { path: 'prepare[1]', was: undefined, now: expect.objectContaining({ argv: ['b'] }) },
  ])
  expect(configChanges(read(two), read(one))).toEqual([
    { path: 'prepare[1]', was: expect.objectContaining({ argv: ['b'] }), now: undefined },
  ])
})
