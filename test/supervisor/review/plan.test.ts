import fs from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import { suspensionsDir } from '../../../src/records/suspensions.ts'
import { long, sampleOf } from '../../rig/long.ts'
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

test('two plans are refused: the attempt fails and counts, and the next planner is told; what escalates is the worker alone', async () => {
  site = makeReviewSite(['head', 'eyes'], {
    items: { '001-cart.md': item({ title: 'Add a cart' }) },
    script: { '001': [wrote] },
    supervisor: {
      roles: { work: ['fake'], plan: ['head'], planReview: ['eyes'] },
      escalate: { afterFailures: 1, effort: 'xhigh' },
    },
  })
  const plans = ['ONE', 'TWO', 'THREE'].map((plan) => ({ answer: { plan } }))
  site.reviews('head', ...plans)
  const refuses = (text: string) => ({
    answer: {
      verdict: 'fail' as const,
      findings: [{ severity: 'error' as const, file: null, line: null, quote: '', text }],
    },
  })
  site.reviews('eyes', refuses('vague'), refuses('still vague'), { answer: { verdict: 'pass' } })
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  const shown = await site.cli(['run', '--dry-run', '--json'])
  expect(JSON.parse(shown.stdout)).toMatchObject({
    items: [{ plan: 'head', plan_review: ['eyes'], review: [], starts: { least: 3, most: 40 } }],
  })
  const words = await site.cli(['run', '--dry-run', '--text'])
  expect(words.stdout).toContain(
    'head plans it; the plan is read by eyes; 3 starts of agents if all goes well, at most 40',
  )
  const ran = await site.cli(['run', '--json'])
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
  expect(ran.events.filter((one) => one.type === 'attempt-ended').map(({ data }) => data)).toMatchObject([
    { failure: { kind: 'plan' }, counted: true },
    { failure: null },
  ])
  expect(site.asked('head').map((one) => one.effort)).toEqual(['', '', ''])
  expect(site.asked('head')[2]?.prompt).toContain('still vague')
  expect(site.asked('head')[2]?.prompt).not.toContain('TWO')
  expect(site.starts()).toMatchObject([{ attempt: 2, effort: 'xhigh' }])
  const item2 = await site.cli(['show', '1', '--json'])
  expect(JSON.parse(item2.stdout)).toMatchObject({
    attempts: [{ starts: 4 }, { starts: 3 }],
    shown: { plans: [{ agent: 'head', text: 'THREE', reviews: [{ agent: 'eyes' }], claimed: true }] },
  })
  const first = await site.cli(['show', '1', '--attempt', '1', '--text'])
  expect(first.stdout).toMatch(
    /Plan {2}\(head made it, the 2\. one; nobody checked these words\)\n {2}│ TWO\n/,
  )
  expect(first.stdout).toContain('eyes claims fail')
}, 120_000)

test.each(sampleOf([['off'], ['on']] as const, 2))(
  'whoever plans and changes files (sandbox %s)',
  async (sandbox) => {
    site = makeReviewSite(['head'], {
      sandbox,
      items: { '001-cart.md': item({ title: 'Add a cart' }) },
      script: { '001': [wrote] },
      supervisor: { roles: { work: ['fake'], plan: ['head'] } },
    })
    site.reviews(
      'head',
      { sh: 'echo evil > src/evil.txt', answer: { plan: 'ONE' } },
      { answer: { plan: 'TWO' } },
    )
    expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
    const ran = await site.cli(['run', '--json'])
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
    const ends = ran.events.filter((one) => one.type === 'attempt-ended').map(({ data }) => data)
    const touched = {
      failure: { kind: 'plan-touched', agent: 'head', paths: ['src/evil.txt'] },
      counted: false,
      rescue: expect.stringContaining('rescue') as unknown,
    }
    // In the box it can write nothing, and plans on.
    expect(ends).toMatchObject([...(sandbox === 'off' ? [touched] : []), { failure: null }])
    expect(site.starts()).toHaveLength(1)
    expect(site.show('src/evil.txt')).toBeNull()
    expect(site.show('src/cart.txt')).toBe('cart\n')
  },
  120_000,
)

/* Three or four runs of the command line each; planning.test.ts has what decides it. */
const noQuota = { exit: 75, answer: JSON.stringify({ resets_at: Math.round(Date.now() / 1000) + 7200 }) }
if (long)
  test.each([
    ['planner', { head: [noQuota], eyes: [] }, 1],
    ['critic', { head: [], eyes: [noQuota] }, 1],
    ['both', { head: [noQuota], eyes: [noQuota] }, 2],
  ] as const)(
    'a quota that is used up, of the %s: what is there is kept, and only what is missing is asked for',
    async (_, without, times) => {
      const made = makeReviewSite(['head', 'eyes', 'ears'], {
        items: { '001-cart.md': item({ title: 'Add a cart' }) },
        script: { '001': [wrote] },
        supervisor: {
          roles: { work: ['fake'], plan: ['head'], planReview: ['eyes', 'ears'] },
          onQuota: 'exit',
        },
      })
      site = made
      made.reviews('head', ...without.head, { answer: { plan: 'ONE' } })
      made.reviews('eyes', ...without.eyes, { answer: { verdict: 'pass' } })
      expect(await made.cli(['allow'])).toMatchObject({ code: 0 })
      for (let nth = 0; nth < times; nth += 1) {
        const ran = await made.cli(['run', '--json'])
        expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 10, stderr: '' })
        // As if the time had come.
        fs.rmSync(suspensionsDir(made.home), { recursive: true })
      }
      const ran = await made.cli(['run', '--json'])
      expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
      const starts = ['head', 'eyes', 'ears'].map((name) => made.asked(name).length)
      expect(starts).toEqual([1 + without.head.length, 1 + without.eyes.length, 1])
      expect(made.starts()).toHaveLength(1)
    },
    180_000,
  )

test('a kill while it is planned, and one while the plan is read: only what is missing is asked for again', async () => {
  const made = makeReviewSite(['head', 'eyes', 'ears'], {
    items: { '001-cart.md': item({ title: 'Add a cart' }) },
    script: { '001': [wrote] },
    supervisor: { roles: { work: ['fake'], plan: ['head'], planReview: ['eyes', 'ears'] } },
  })
  site = made
  const hangs = { sh: 'exec sleep 600' }
  made.reviews('head', hangs, { answer: { plan: 'ONE' } })
  made.reviews('eyes', hangs, { answer: { verdict: 'pass' } })
  expect(await made.cli(['allow'])).toMatchObject({ code: 0 })
  for (const [name, at] of [
    ['head', 'plan-begun'],
    ['eyes', 'plan-reviewed'],
  ] as const) {
    const running = made.start(['run', '--json'])
    await running.event((one) => one.type === at)
    while (made.asked(name).length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    running.child.kill('SIGKILL')
    await running.done
  }
  const ran = await made.cli(['run', '--json'])
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
  expect(['head', 'eyes', 'ears'].map((name) => made.asked(name).length)).toEqual([2, 2, 1])
  expect(made.starts()).toMatchObject([{ attempt: 1, turn: 1 }])
  const [first] = made.asked('eyes')
  expect(() => process.kill(first?.pid ?? 0, 0)).toThrow()
}, 180_000)
