import { afterEach, expect, test } from '@jest/globals'
import { type Site, item, makeSite } from './rig.ts'

let site: Site | undefined
afterEach(() => site?.remove())

test('one item, one turn: judged, joined, proved, published and landed, and the person’s tree is untouched until then', async () => {
  site = makeSite({
    items: { '001-cart.md': item({ title: 'Add a cart' }) },
    script: { '001': [{ steps: [{ write: 'src/cart.txt', text: 'cart\n' }] }] },
  })
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  const before = site.git('rev-parse', 'HEAD')
  const ran = await site.cli(['run', '--json'])
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
  expect(ran.events.map((one) => one.type)).toEqual([
    'batch-opened',
    'checked',
    'started',
    'attempt-opened',
    'worktree-ready',
    'turn-begun',
    'turn-ended',
    'candidate',
    'judged',
    'integrating',
    'integrated',
    'attempt-ended',
    'checked',
    'published',
    'rested',
  ])
  expect(site.show('src/cart.txt')).toBe('cart\n')
  expect(site.git('rev-parse', 'HEAD')).toBe(before)
  expect(site.git('status', '--porcelain')).toBe('')
  expect(site.git('show', `${site.head()}:src/cart.txt`)).toBe('cart\n')
  expect(
    site.git(
      'log',
      '-1',
      '--format=%s%n%an <%ae>%n%(trailers:key=Autonomous-Loop-Item,valueonly)',
      site.head(),
    ),
  ).toContain('Add a cart\nA Person <person@example.org>\n001')
  const status = await site.cli(['status', '--batch', '--check'])
  expect({ code: status.code, answer: JSON.parse(status.stdout) as object }).toMatchObject({
    code: 0,
    answer: {
      state: 'completed',
      items: [{ id: '001', state: 'done' }],
      next: 'autonomous-loop land --merge',
    },
  })
  expect(await site.cli(['land', '--merge'])).toMatchObject({ code: 0 })
  expect(site.git('show', 'main:src/cart.txt')).toBe('cart\n')
  expect(site.git('status', '--porcelain')).toBe('')
}, 120_000)
