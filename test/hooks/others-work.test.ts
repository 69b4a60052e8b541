import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type World, arm, gateScript, makeWorld, plainConfig } from '../faults/world.ts'
import { sampleOf } from '../rig/long.ts'

let world: World
beforeEach(() => {
  world = makeWorld()
})
afterEach(() => world.remove())

type Writes = Readonly<Record<string, string>>

/** What another session writes while a round of the first one's gates runs, round by round, and what the stop comes to. */
const cases: [string, Writes[], { kind: string; text: RegExp; rounds: number }][] = [
  ['nothing', [{}], { kind: 'message', text: /released/, rounds: 1 }],
  ['a file', [{ 'src/a': '1' }, {}], { kind: 'message', text: /released/, rounds: 2 }],
  [
    'other files in two rounds',
    [{ 'src/a': '1' }, { 'src/b': '1' }, {}],
    { kind: 'message', text: /released/, rounds: 3 },
  ],
  [
    'one file again and again, then no more',
    [{ 'src/a': '1' }, { 'src/a': '2' }, {}],
    { kind: 'message', text: /released/, rounds: 3 },
  ],
  [
    'the file that the gate looks at, half at first',
    [{ 'src/work.txt': 'half' }, { 'src/work.txt': 'right' }, {}],
    { kind: 'message', text: /released/, rounds: 3 },
  ],
  [
    'in every round',
    [{ 'src/a': '1' }, { 'src/b': '1' }, { 'src/c': '1' }],
    { kind: 'block', text: /moved while the gates ran, every time: src\/c\./, rounds: 3 },
  ],
  [
    'a file that stays wrong',
    [{ 'src/work.txt': 'wrong' }, {}],
    { kind: 'block', text: /CHECK: src\/work\.txt is not right/, rounds: 2 },
  ],
]

test.each(sampleOf(cases, 3))('another session writes meanwhile: %s', async (_what, rounds, expected) => {
  const at = (name: string): string => path.join(world.dir, name)
  world.write(
    'check.sh',
    `round=$(cat '${at('rounds')}' 2>/dev/null || echo 0); round=$((round + 1)); echo "$round" > '${at('rounds')}'
touch '${at('running')}'-$round; until [ -e '${at('go')}'-$round ]; do sleep 0.02; done
${gateScript}`,
  )
  world.approve(plainConfig)
  const other = randomUUID()
  await arm(world)
  await arm(world, other)
  world.write('src/work.txt', 'right')
  const stop = world.call('stop')
  for (const [index, writes] of rounds.entries()) {
    while (!fs.existsSync(at(`running-${index + 1}`))) await new Promise((resolve) => setImmediate(resolve))
    for (const [file, text] of Object.entries(writes)) world.write(file, text)
    fs.writeFileSync(at(`go-${index + 1}`), '')
  }
  expect(await stop).toMatchObject({ kind: expected.kind, text: expect.stringMatching(expected.text) })
  expect(fs.readFileSync(at('rounds'), 'utf8').trim()).toBe(String(expected.rounds))
  expect(world.state(other).runs[0]).toMatchObject({ status: 'active', stops: 0 })
})
