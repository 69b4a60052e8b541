import { afterEach, expect, test } from '@jest/globals'
import { item } from '../rig.ts'
import { type ReviewSite, makeReviewSite } from './rig.ts'

let site: ReviewSite | undefined
afterEach(() => site?.remove())

const wrote = { steps: [{ write: 'src/cart.txt', text: 'cart\n' }] }

test('a plan is made and read before the work, what critics find goes back to the planner, and the worker gets what they passed', async () => {
  site = makeReviewSite(['head', 'eyes', 'ears'], {
    items: { '001-cart.md': item({ title: 'Add a cart', text: 'A cart that counts.' }) },
    script: { '001': [wrote] },
    supervisor: { roles: { work: ['fake'], plan: ['head'], planReview: ['eyes', 'ears'] } },
  })
  site.reviews('head', { answer: { plan: 'FIRST: write it' } }, { answer: { plan: 'SECOND: write it well' } })
  const about = { severity: 'error', file: null, line: null } as const
  site.reviews(
    'eyes',
    {
      answer: {
        verdict: 'fail',
        findings: [
          { ...about, quote: 'FIRST:  write', text: 'say how' },
          { ...about, quote: '', text: 'no test' },
          { ...about, quote: 'never said', text: 'INVENTED' },
        ],
      },
    },
    { answer: { verdict: 'pass' } },
  )
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  const ran = await site.cli(['run', '--json'])
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
  const types = ran.events.map((one) => one.type)
  expect(types.filter((one) => /plan|turn|integrated/.test(one))).toEqual([
    'plan-begun',
    'planned',
    'plan-review-begun',
    'plan-review-begun',
    'plan-reviewed',
    'plan-reviewed',
    'plan-settled',
    'plan-begun',
    'planned',
    'plan-review-begun',
    'plan-review-begun',
    'plan-reviewed',
    'plan-reviewed',
    'turn-begun',
    'turn-ended',
    'integrated',
  ])
  const [first, second] = site.asked('head')
  expect(first).toMatchObject({ role: 'plan', item: '001' })
  expect(first?.here).toContain('src')
  expect(first?.prompt).toContain('A cart that counts.')
  expect(second?.prompt).toContain('FIRST: write it')
  expect(second?.prompt).toContain('say how')
  expect(second?.prompt).toContain('no test')
  expect(second?.prompt).not.toContain('INVENTED')
  const [critic] = site.asked('ears')
  expect(critic).toMatchObject({ role: 'planReview', here: [] })
  expect(critic?.prompt).toContain('FIRST: write it')
  expect(critic?.prompt).toContain('A cart that counts.')
  const [worker, ...others] = site.starts()
  expect(others).toEqual([])
  expect(worker?.prompt).toContain('```\nSECOND: write it well\n```')
  expect(worker?.prompt).not.toContain('FIRST')
}, 120_000)
