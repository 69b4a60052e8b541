import { afterEach, expect, test } from '@jest/globals'
import { item } from '../rig.ts'
import { type ReviewSite, makeReviewSite } from './rig.ts'

let site: ReviewSite | undefined
afterEach(() => site?.remove())

async function withBranch(): Promise<ReviewSite> {
  const made = makeReviewSite(['eyes', 'ears'], {
    items: { '001-cart.md': item() },
    files: { 'test/cart.test.js': 'test\n' },
  })
  site = made
  expect(await made.cli(['allow'])).toMatchObject({ code: 0 })
  made.git('checkout', '-qb', 'feature')
  made.write('src/cart.txt', 'cart\nof one\n')
  made.git('add', '-A')
  made.git('commit', '-qm', 'cart')
  return made
}

test('review asks about what a branch has more than its base: 0 passed, 1 not, and nothing of the person’s changes', async () => {
  const made = await withBranch()
  made.write('src/a.txt', 'not committed\n')
  const before = made.git('status', '--porcelain')
  const passed = await made.cli(['review', '--json'])
  expect({ code: passed.code, answer: JSON.parse(passed.stdout) as object }).toMatchObject({
    code: 0,
    answer: {
      ok: true,
      changed: ['src/cart.txt'],
      reviews: [
        { agent: 'eyes', verdict: 'pass', passed: true },
        { agent: 'ears', verdict: 'pass', passed: true },
      ],
    },
  })
  expect(made.asked('eyes')[0]?.prompt).toContain('+of one')
  expect(made.asked('eyes')[0]?.prompt).not.toContain('not committed')
  const said = [
    { severity: 'error', file: 'src/cart.txt', line: 2, quote: 'of  one', text: 'only one' },
    { severity: 'note', file: 'src/cart.txt', line: 1, quote: 'made up', text: 'invented' },
  ] as const
  made.reviews('ears', { answer: { verdict: 'fail', findings: said } })
  const refused = await made.cli(['review', 'feature', '--base', 'main', '--by', 'ears', '--text'])
  expect(refused.code).toBe(1)
  expect(refused.stdout).toContain('ears claims fail')
  expect(refused.stdout).toMatch(/src\/cart\.txt:2\n/)
  expect(refused.stdout).toMatch(/src\/cart\.txt:1 \(its quote is not in the file\)/)
  expect(made.asked('eyes')).toHaveLength(1)
  made.git('rm', '-q', 'test/cart.test.js')
  made.git('commit', '-qm', 'no test')
  made.reviews('ears', { answer: { verdict: 'pass' } })
  const deleted = await made.cli(['review', '--json'])
  expect({ code: deleted.code, answer: JSON.parse(deleted.stdout) as object }).toMatchObject({
    code: 1,
    answer: { ok: false, findings: [{ kind: 'deleted-test', path: 'test/cart.test.js' }] },
  })
  expect(made.git('status', '--porcelain')).toBe(before)
}, 120_000)

test('a quota that is used up is exit status 10, and the same command asks only those who are missing', async () => {
  const made = await withBranch()
  made.reviews('ears', { answer: '{"resets_at": 1}', exit: 75 })
  const first = await made.cli(['review', '--json'])
  expect({ code: first.code, answer: JSON.parse(first.stdout) as object }).toMatchObject({
    code: 10,
    answer: {
      ok: false,
      reviews: [
        { agent: 'eyes', passed: true, kept: false },
        { agent: 'ears', verdict: null },
      ],
    },
  })
  // As if its time had come.
  made.reviews('ears', { answer: { verdict: 'pass' } })
  for (const file of made.suspensions()) file.remove()
  const second = await made.cli(['review', '--json'])
  expect({ code: second.code, answer: JSON.parse(second.stdout) as object }).toMatchObject({
    code: 0,
    answer: {
      ok: true,
      reviews: [
        { agent: 'eyes', kept: true },
        { agent: 'ears', kept: false, passed: true },
      ],
    },
  })
  expect(made.asked('eyes')).toHaveLength(1)
}, 120_000)

test('what cannot be compared is said in one line', async () => {
  const made = await withBranch()
  for (const [args, words] of [
    [['main'], 'nothing that its base does not have'],
    [['nowhere'], 'nowhere names no commit here'],
    [['--by', 'nobody'], 'names no agent \\"nobody'],
  ] as const) {
    const refused = await made.cli(['review', ...args])
    expect([refused.code, `${refused.stdout}${refused.stderr}`]).toEqual([1, expect.stringContaining(words)])
  }
  expect(made.asked('eyes')).toEqual([])
}, 120_000)
