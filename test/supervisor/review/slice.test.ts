import { afterEach, expect, test } from '@jest/globals'
import { item } from '../rig.ts'
import { type ReviewSite, makeReviewSite } from './rig.ts'

let site: ReviewSite | undefined
afterEach(() => site?.remove())

test('two reviewers: what one finds goes back, and nothing is in the head before both pass', async () => {
  site = makeReviewSite(['eyes', 'ears'], {
    items: { '001-cart.md': item({ title: 'Add a cart', text: 'A cart that counts.' }) },
    script: {
      '001': [
        {
          at: '1.1',
          steps: [{ write: 'src/cart.txt', text: 'cart one\nof two\n' }],
          answer: { status: 'complete', summary: 'WORKER-WORDS' },
        },
        {
          at: '1.2',
          steps: [{ write: 'src/cart.txt', text: 'cart two\n' }],
          answer: { status: 'complete', summary: '' },
        },
      ],
    },
  })
  const quoted = { severity: 'error', file: 'src/cart.txt', line: 1, text: 'count to two' } as const
  site.reviews(
    'eyes',
    {
      answer: {
        verdict: 'fail',
        findings: [
          { ...quoted, quote: 'cart   one of two' },
          { ...quoted, quote: 'never there', text: 'INVENTED' },
        ],
      },
    },
    { answer: { verdict: 'pass' } },
  )
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  const ran = await site.cli(['run', '--json'])
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
  const types = ran.events.map((one) => one.type)
  expect(types.filter((one) => /review|judged|integrated/.test(one))).toEqual([
    'judged',
    'review-begun',
    'review-begun',
    'reviewed',
    'reviewed',
    'review-settled',
    'judged',
    'review-begun',
    'review-begun',
    'reviewed',
    'reviewed',
    'integrated',
  ])
  const [, second] = site.starts()
  expect(second?.prompt).toContain('count to two')
  expect(second?.prompt).not.toContain('INVENTED')
  for (const name of ['eyes', 'ears']) {
    const [first, ...others] = site.asked(name)
    expect(others).toHaveLength(1)
    expect(first).toMatchObject({ role: 'review', item: '001', here: [] })
    expect(first?.prompt).toContain('A cart that counts.')
    expect(first?.prompt).toContain('+cart one')
    expect(first?.prompt).not.toContain('WORKER-WORDS')
  }
  expect(site.show('src/cart.txt')).toBe('cart two\n')

  // It can be looked up who said what of which tree.
  const shown = await site.cli(['show', '001', '--json'])
  const { looks } = (JSON.parse(shown.stdout) as { shown: { looks: readonly object[] } }).shown
  expect(looks).toMatchObject([
    { kind: 'judged' },
    {
      kind: 'reviewed',
      turn: 1,
      reviews: expect.arrayContaining([said('eyes', 'fail'), said('ears', 'pass')]),
    },
    { kind: 'judged' },
    {
      kind: 'reviewed',
      turn: 2,
      reviews: [said(expect.any(String), 'pass'), said(expect.any(String), 'pass')],
    },
  ])
  const { stdout: text } = await site.cli(['show', '001', '--text'])
  expect(text).toContain('not every reviewer passed it')
  expect(text).toContain('> never there')
  const report = await site.cli(['report', '--batch', '--json'])
  expect(JSON.parse(report.stdout)).toMatchObject({
    verified: [{ item: '001', passed_by: expect.arrayContaining(['eyes', 'ears']) }],
  })
}, 120_000)

function said(agent: unknown, verdict: string): object {
  return expect.objectContaining({
    agent,
    outcome: expect.objectContaining({ answer: expect.objectContaining({ verdict }) }),
  })
}
