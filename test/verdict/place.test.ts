import { expect, test } from '@jest/globals'
import type { Preflight } from '../../src/gates/preflight.ts'
import { placeWords } from '../../src/verdict/words/place.ts'

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
