import { expect, test } from '@jest/globals'
import type { Preflight } from '../../src/gates/preflight.ts'
import { placeWords } from '../../src/verdict/words/place.ts'
import { withoutWords } from '../../src/verdict/words/room.ts'

const rows: readonly (readonly [Preflight | undefined, string])[] = [
  [{ reached: [], untried: [] }, ''],
  [undefined, '; what it holds was not tried'],
  [{ reached: ['fifo', 'keyring'], untried: [] }, '; not held: FIFOs of other programs, the session keyring'],
  [{ reached: [], untried: ['keyring'] }, '; not tried: the session keyring'],
]

test.each(rows)('of a box with the preflight %j no more is claimed than was found', (preflight, words) => {
  const box = { rung: 'box', network: 'loopback', ...(preflight === undefined ? {} : { preflight }) } as const
  expect(placeWords({ sandboxed: true, box })).toBe(`, in the box, network: loopback${words}`)
})

test.each([
  [
    ['src/a'],
    ', without src/a (out of the tree)',
    '; not in the clean room, as it leads out of the tree: src/a',
  ],
  [
    ['a', 'b'],
    ', without a, b (out of the tree)',
    '; not in the clean room, as they lead out of the tree: a, b',
  ],
])('links that lead out of the tree are named', (without, place, failure) => {
  const box = { rung: 'box', network: 'loopback', place: 'clean-room', without } as const
  expect(placeWords({ sandboxed: true, box })).toContain(`in the clean room, in the box${place}, network`)
  expect(withoutWords(box)).toBe(failure)
  expect(withoutWords(null)).toBe('')
})
