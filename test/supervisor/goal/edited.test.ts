import { afterEach, expect, test } from '@jest/globals'
import type { Site } from '../rig.ts'
import { PLAN, adds, goalSite } from './site.ts'

let site: Site
afterEach(() => site.remove())

test('an edited plan or rule holds iterations back until a person accepts it, which begins from the plan, or rejects it', async () => {
  site = await goalSite(
    [
      adds('1', { next_goal: 'the second' }, '1.1'),
      adds('2', { next_goal: 'the third' }, '2.1'),
      adds('3', { completed: true }, '3.1'),
    ],
    { files: { 'TASK.md': 'One at a time.\n' } },
  )
  const run = async (...args: string[]) => (await site.cli(['run', ...args])).code
  expect(await run('--goal', 'plan.md', '--yes', '--iterations', '1')).toBe(4)
  site.write('TASK.md', 'Two at a time.\n')
  expect(await run('--goal', 'plan.md', '--yes')).toBe(5)
  expect(site.starts()).toHaveLength(1)
  const status = JSON.parse((await site.cli(['status', '--batch'])).stdout) as object
  expect(status).toMatchObject({
    next: 'autonomous-loop accept --all',
    items: [{ id: 'goal', edited: true, waits_for: { kind: 'unaccepted' } }],
  })
  expect(await site.cli(['reject', 'goal'])).toMatchObject({ code: 0 })
  expect(await run('--iterations', '1')).toBe(4)
  expect(site.starts()[1]?.prompt).toContain('One at a time.')
  expect(site.starts()[1]?.prompt).toContain('\n> the second\n')
  site.write('plan.md', PLAN.replace('enough', 'three'))
  expect(await run()).toBe(5)
  expect(await site.cli(['accept', 'goal'])).toMatchObject({ code: 0 })
  expect(await run()).toBe(0)
  const last = site.starts()[2]?.prompt ?? ''
  expect(last).toContain('until there are three')
  expect(last).toContain('Two at a time.')
  expect(last).toContain('Choose the first step of the plan that is not done.')
  expect(last).toContain('- iteration 2: its work was kept')
}, 120_000)
