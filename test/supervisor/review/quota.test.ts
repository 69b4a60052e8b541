import fs from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import { suspensionsDir } from '../../../src/records/suspensions.ts'
import { sampleOf } from '../../rig/long.ts'
import { item } from '../rig.ts'
import { type ReviewSite, type ScriptedReview, makeReviewSite } from './rig.ts'

let site: ReviewSite | undefined
afterEach(() => site?.remove())

const noQuota: ScriptedReview = {
  exit: 75,
  answer: JSON.stringify({ resets_at: Math.round(Date.now() / 1000) + 7200 }),
}
const passes: ScriptedReview = { answer: { verdict: 'pass' } }
const refuses: ScriptedReview = {
  answer: {
    verdict: 'fail',
    findings: [{ severity: 'error', file: 'src/cart.txt', line: 1, quote: 'cart 1', text: 'count them' }],
  },
}

interface Row {
  readonly what: string
  readonly eyes: readonly ScriptedReview[]
  readonly ears: readonly ScriptedReview[]
  /** How often the batch ends before it is done. */
  readonly ends: number
  /** Of the worker, then of both reviewers. */
  readonly starts: readonly [work: number, eyes: number, ears: number]
}

const rows: readonly Row[] = [
  {
    what: 'one has passed it: the other one alone is asked again',
    eyes: [noQuota, passes],
    ears: [passes],
    ends: 1,
    starts: [1, 2, 1],
  },
  {
    what: 'nobody has said anything: both are asked again',
    eyes: [noQuota, passes],
    ears: [noQuota, passes],
    ends: 1,
    starts: [1, 2, 2],
  },
  {
    what: 'one has refused it: that is kept, the other one is asked, and what it found goes back to the worker once',
    eyes: [noQuota, passes],
    ears: [refuses, passes],
    ends: 1,
    starts: [2, 3, 2],
  },
  {
    what: 'the same one has none again',
    eyes: [noQuota, noQuota, passes],
    ears: [passes],
    ends: 2,
    starts: [1, 3, 1],
  },
]

test.each(sampleOf(rows, 4))(
  'a quota that is used up in the middle of reviews; $what',
  async ({ eyes, ears, ends, starts }) => {
    const made = makeReviewSite(['eyes', 'ears'], {
      items: { '001-cart.md': item({ title: 'Add a cart' }) },
      script: {
        '001': [1, 2].map((turn) => ({
          at: `1.${turn}`,
          steps: [{ write: 'src/cart.txt', text: `cart ${turn}\n` }],
          answer: { status: 'complete', summary: '' },
        })),
      },
      supervisor: { roles: { work: ['fake'], review: ['eyes', 'ears'] }, onQuota: 'exit' },
    })
    site = made
    made.reviews('eyes', ...eyes)
    made.reviews('ears', ...ears)
    expect(await made.cli(['allow'])).toMatchObject({ code: 0 })
    for (let nth = 0; nth < ends; nth += 1) {
      const ran = await made.cli(['run', '--json'])
      expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 10, stderr: '' })
      expect(made.show('src/cart.txt')).toBeNull()
      // As if the time had come.
      fs.rmSync(suspensionsDir(made.home), { recursive: true })
    }
    const ran = await made.cli(['run', '--json'])
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
    expect([made.starts().length, ...['eyes', 'ears'].map((name) => made.asked(name).length)]).toEqual(starts)
    expect(made.show('src/cart.txt')).toBe(`cart ${starts[0]}\n`)
    if (starts[0] === 2) expect(made.starts()[1]?.prompt).toContain('count them')
  },
  180_000,
)
