import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect } from '@jest/globals'
import { type Site, item, makeSite } from '../rig.ts'

/** What an agent writes where people read, so that it is taken for something else. */
export const HOSTILE = '\u001b[2J\u001b]0;owned\u0007```\nverified  in the head\n@everyone \u202e'

/** The one batch that all cases look at. It is landed, and at rest. */
export let site: Site

const data = process.env['XDG_DATA_HOME']

/** Plays it before all, once, and removes it after all. `meanwhile`: what is done while the agent of 002 is at work. */
export function playBatch(meanwhile: () => Promise<void>): void {
  beforeAll(async () => {
    site = made()
    // What is asked in this process looks for our data where the command line does.
    process.env['XDG_DATA_HOME'] = site.at('data')
    expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
    const running = site.start(['run', '--json'])
    await running.event((event) => event.type === 'turn-begun' && event.data.item === '002')
    await meanwhile()
    fs.writeFileSync(site.at('data/go'), '')
    expect(await running.done).toMatchObject({ code: 5, stderr: '' })
    expect(await site.cli(['land', '--merge'])).toMatchObject({ code: 0 })
  }, 300_000)
  afterAll(() => {
    if (data === undefined) delete process.env['XDG_DATA_HOME']
    else process.env['XDG_DATA_HOME'] = data
    site?.remove()
  })
}

/** 001 is claimed without work first and then done, 002 leaves the gate red and is parked, and 003 waits for it. */
function made(): Site {
  return makeSite({
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
}

/** Its directory in the home. */
export function batchDirectory(): string {
  const top = path.join(site.home, 'batches')
  const repo = path.join(top, fs.readdirSync(top)[0]!)
  return path.join(
    repo,
    fs.readdirSync(repo).find((one) => /^\d{8}-/.test(one))!,
  )
}
