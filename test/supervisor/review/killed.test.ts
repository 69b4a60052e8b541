import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { long } from '../../rig/long.ts'
import { item } from '../rig.ts'
import { type ReviewSite, makeReviewSite } from './rig.ts'

let site: ReviewSite | undefined
afterEach(() => site?.remove())

/** Where the supervisor is killed, by the event that it has just written. */
const moments = ['review-begun', 'reviewed', ...(long ? ['judged', 'review-settled', 'integrating'] : [])]

test.each(moments)(
  'killed at %s: the next run goes on, and asks only who has not answered',
  async (moment) => {
    const made = makeReviewSite(['eyes', 'ears'], {
      items: { '001-cart.md': item() },
      script: {
        '001': [1, 2].map((turn) => ({
          at: `1.${turn}`,
          steps: [{ write: 'src/cart.txt', text: `cart ${turn}\n` }],
          answer: { status: 'complete', summary: '' },
        })),
      },
    })
    site = made
    const refused = { answer: { verdict: 'fail', findings: [] } } as const
    if (moment === 'review-settled') made.reviews('eyes', refused, { answer: { verdict: 'pass' } })
    // It answers only once the other one has: else both could be there before anybody is killed.
    if (moment === 'reviewed')
      made.reviews('ears', {
        sh: `while [ ! -s "${made.meeting}/go" ]; do sleep 0.05; done`,
        answer: { verdict: 'pass' },
      })
    expect(await made.cli(['allow'])).toMatchObject({ code: 0 })
    const running = made.start(['run', '--json'])
    await running.event((event) => event.type === moment)
    running.child.kill('SIGKILL')
    await running.done
    fs.writeFileSync(path.join(made.meeting, 'go'), 'go')
    const ran = await made.cli(['run', '--json'])
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
    expect(made.show('src/cart.txt')).toBe(moment === 'review-settled' ? 'cart 2\n' : 'cart 1\n')
    if (moment === 'reviewed') expect(made.asked('eyes')).toHaveLength(1)
  },
  180_000,
)
