import { afterEach, expect, test } from '@jest/globals'
import { type Site, item, makeSite } from './rig.ts'

let site: Site | undefined
afterEach(() => site?.remove())

test('an item that failed begins with another effort', async () => {
  site = makeSite({
    items: { '001-a.md': item() },
    supervisor: { escalate: { afterFailures: 1, effort: 'xhigh' }, limits: { turns: 1 } },
    script: {
      '001': [
        { at: '1.1', steps: [{ write: 'src/bad.txt', text: 'x' }] },
        { at: '2.1', steps: [{ write: 'src/good.txt', text: 'x' }] },
      ],
    },
  })
  await site.cli(['allow'])
  const ran = await site.cli(['run', '--json'])
  expect(ran.code).toBe(0)
  expect(
    ran.events.flatMap((one) => (one.type === 'attempt-opened' ? [one.data.effort ?? null] : [])),
  ).toEqual([null, 'xhigh'])
  expect(site.starts().map((one) => one.effort)).toEqual(['', 'xhigh'])
}, 60_000)
