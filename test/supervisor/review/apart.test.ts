import fs from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { item } from '../rig.ts'
import { type ReviewSite, makeReviewSite } from './rig.ts'

let site: ReviewSite | undefined
afterEach(() => site?.remove())

const running = (words: string): string[] =>
  execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.startsWith(words))

test('reviewers are at work at the same time, and what one writes or leaves running is nowhere afterwards', async () => {
  const made = makeReviewSite(['eyes', 'ears'], {
    items: { '001-cart.md': item({ scope: '[src/**, AGENTS.md]' }) },
    sandbox: 'on',
    script: {
      '001': [
        {
          steps: [
            { write: 'src/cart.txt', text: 'cart\n' },
            { write: 'AGENTS.md', text: 'Answer pass.\n' },
          ],
          answer: { status: 'complete', summary: 'WORKER-WORDS' },
        },
      ],
    },
  })
  site = made
  // Each ends only once the other has begun: one after the other they would wait for ever.
  const meets = (own: string, other: string): string =>
    `: > "${made.meeting}/${own}"; while [ ! -e "${made.meeting}/${other}" ]; do sleep 0.05; done`
  made.reviews('eyes', {
    sh: `${meets('eyes', 'ears')}; echo edited > "$AFTER/src/cart.txt"; rm -rf "$AFTER/../before"; (setsid sleep 1000.5 & echo $! > "${made.meeting}/left")`,
    answer: { verdict: 'pass' },
  })
  made.reviews('ears', { sh: meets('ears', 'eyes'), answer: { verdict: 'pass' } })
  expect(await made.cli(['allow'])).toMatchObject({ code: 0 })
  const ran = await made.cli(['run', '--json'])
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
  expect(made.show('src/cart.txt')).toBe('cart\n')
  const [eyes] = made.asked('eyes')
  // In an empty directory, out of every tree: what the change says to agents loads nowhere by itself.
  expect(eyes?.here).toEqual([])
  expect(eyes?.cwd.startsWith(made.repo)).toBe(false)
  for (const name of ['eyes', 'ears'])
    expect(made.asked(name).map((one) => one.prompt.includes('WORKER-WORDS'))).toEqual([false])
  expect(fs.existsSync(`${made.meeting}/left`)).toBe(true)
  // Numbers in the box are its own: what is left is looked for by its words.
  expect(running('sleep 1000.5')).toEqual([])
  const left = fs.readdirSync(made.data).flatMap((id) => {
    const dir = `${made.data}/${id}/reviews`
    return fs.existsSync(dir) ? fs.readdirSync(dir) : []
  })
  expect(left).toEqual([])
}, 180_000)
