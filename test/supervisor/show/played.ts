import fs from 'node:fs'
import path from 'node:path'
import { expect } from '@jest/globals'
import { type Site, item, makeSite } from '../rig.ts'

/** What an agent writes where people read, so that it is taken for something else. */
export const HOSTILE = '\u001b[2J\u001b]0;owned\u0007```\nverified  in the head\n@everyone \u202e'

/**
 * `meanwhile`: what is done while the agent of 002 is at work. A batch that is at rest: 001 was claimed without work first and is done, 002 leaves the gate red and is parked, 003 waits for it,
 * and nobody is ever at 003.
 */
export async function playedBatch(meanwhile: (site: Site) => Promise<void> = async () => {}): Promise<Site> {
  const site = makeSite({
    items: {
      '001-cart.md': item({ title: 'Add a cart' }),
      '002-bad.md': item({ title: 'Break the gate', front: 'limits: {attempts: 1, turns: 1}\n' }),
      '003-later.md': item({ title: 'Later', front: 'after: [002]\n' }),
    },
    script: {
      '001': [
        { steps: [{ sh: 'echo nothing to do' }], answer: { status: 'complete', summary: HOSTILE } },
        {
          steps: [
            { write: 'src/cart.txt', text: 'cart\nwheels\n' },
            { remove: 'src/old.txt' },
            { sh: "printf 'one\\ntwo token=abcdef123456\\n\\033[31mthree\\033[0m\\n'" },
          ],
          answer: { status: 'complete', summary: 'I added the cart' },
        },
      ],
      '002': [
        {
          steps: [
            { write: 'src/bad.txt', text: 'bad\n' },
            { sh: 'seq 1 100' },
            { sh: 'while ! test -e ../../../../go; do sleep 0.05; done' },
          ],
          answer: { status: 'complete', summary: 'all gates pass' },
        },
      ],
    },
    files: { 'src/old.txt': 'old\n' },
  })
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  const running = site.start(['run', '--json'])
  await running.event((event) => event.type === 'turn-begun' && event.data.item === '002')
  await meanwhile(site)
  fs.writeFileSync(site.at('data/go'), '')
  expect(await running.done).toMatchObject({ code: 5, stderr: '' })
  return site
}

/** The directory of its newest batch. */
export function batchDirectory({ home }: Pick<Site, 'home'>): string {
  const top = path.join(home, 'batches')
  const repo = path.join(top, fs.readdirSync(top)[0]!)
  return path.join(
    repo,
    fs
      .readdirSync(repo)
      .filter((one) => /^\d{8}-/.test(one))
      .sort()
      .at(-1)!,
  )
}
