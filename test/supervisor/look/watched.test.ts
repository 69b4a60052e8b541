import { afterEach, expect, test } from '@jest/globals'
import { type Site, item, makeSite } from '../rig.ts'
import { closeScreens, screen } from '../screens.ts'

let site: Site | undefined
afterEach(async () => {
  await closeScreens()
  site?.remove()
})

test('status --watch draws a batch that begins later, and run says what is at work', async () => {
  const at = makeSite({ items: { '001-a.md': item(), '002-b.md': item({ front: 'after: [001]\n' }) } })
  site = at
  const go = at.at('agent/go')
  at.script({
    '001': [
      { steps: [{ sh: `until [ -e '${go}' ]; do sleep 0.05; done` }, { write: 'src/b.txt', text: 'b\n' }] },
    ],
    '002': [{ answer: { status: 'blocked', summary: 'which format?' } }],
  })
  expect(await at.cli(['allow'])).toMatchObject({ code: 0 })
  const watched = screen(at, ['status', '--watch'])
  await watched.shows(/no runs/)
  const ran = screen(at, ['run'])
  await ran.shows(/… 001 at work, turn 1 for \d+ s/)
  await watched.shows(/001 a +working +attempt 1, turn 1, at work/)
  await watched.shows(/002 b +waiting +after 001/)
  at.write('../agent/go', '')
  expect(await ran.ended).toBe(5)
  await watched.shows(/1 of 2 items done, 1 parked/)
  await watched.shows(/next: autonomous-loop retry --all/)
  watched.type('q')
  expect(await watched.ended).toBe(0)
}, 120_000)
