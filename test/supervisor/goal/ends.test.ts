import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { long } from '../../rig/long.ts'
import { ledgerOf, recordOf } from '../kill/batch.ts'
import type { Site } from '../rig.ts'
import { adds, endsOf, goalSite } from './site.ts'

let site: Site | undefined
afterEach(() => site?.remove())

const RUN = ['run', '--goal', 'plan.md', '--yes', '--json']

const goalOf = (at: Site): object | null => recordOf(at).state.items.get('goal')!.goal
const standing = (at: Site): object => recordOf(at).state.items.get('goal')!.standing

test('completed while a gate is red: it is told so and goes on, and only what passes ends the batch', async () => {
  site = await goalSite([
    { ...adds('bad', { summary: 'all done', completed: true }), at: '1.1' },
    {
      at: '1.2',
      steps: [{ remove: 'src/bad.txt' }, { write: 'src/good.txt', text: 'good\n' }],
      answer: { summary: 'now it is', completed: true },
    },
  ])
  const ran = await site.cli(RUN)
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  expect(site.starts().map((one) => one.turn)).toEqual([1, 2])
  expect(site.starts()[1]?.prompt).toContain('You said that the goal is completed. It is not')
  expect(site.starts()[1]?.prompt).toContain('bad.txt is there')
  expect(site.show('src/bad.txt')).toBeNull()
  expect(site.show('src/good.txt')).toBe('good\n')
}, 120_000)

if (long)
  test('the same goal four times in a row, however it is written, is stagnation; retry begins to count anew', async () => {
    const turns = ['Do more.', 'do  more', 'DO MORE', 'Do more!'].map((goal, nth) =>
      adds(`n${nth}`, { summary: '', next_goal: goal }, `${nth + 1}.1`),
    )
    site = await goalSite([...turns, adds('last', { summary: '', completed: true }, '5.1')])
    expect(await site.cli(RUN)).toMatchObject({ code: 5 })
    expect(standing(site)).toEqual({ kind: 'parked', code: 'stagnation' })
    expect(site.starts()).toHaveLength(4)
    expect(site.show('src/n3.txt')).toBe('n3\n')
    expect(await site.cli(['retry', 'goal'])).toMatchObject({ code: 0 })
    expect(goalOf(site)).toMatchObject({ present: 'Do more!', same: { times: 0 } })
    expect(await site.cli(['run'])).toMatchObject({ code: 0 })
  }, 120_000)

if (long)
  test('nothing changes: no iteration begins before the pause of the one before is over, and the limit parks it', async () => {
    site = await goalSite(
      [
        { at: '1.1', answer: { summary: 'looked', next_goal: 'look again' } },
        { at: '2.1', answer: { summary: 'looked again', next_goal: 'look once more' } },
        { answer: { summary: 'and again' } },
      ],
      { supervisor: { backoff: { baseSeconds: 0.5, maxSeconds: 1 } } },
    )
    const ran = await site.cli(RUN)
    expect(ran).toMatchObject({ code: 5, stderr: '' })
    expect(endsOf(ran.events)).toEqual(['no-change', 'no-change', 'no-change'])
    expect(standing(site)).toMatchObject({ kind: 'parked', code: 'no-progress' })
    const pauses = ran.events.flatMap((one) =>
      one.type === 'attempt-ended' && one.data.failure?.kind === 'no-change' ? [one.data.failure.until] : [],
    )
    const begun = ran.events.flatMap((one) => (one.type === 'attempt-opened' ? [one.at] : []))
    expect(begun[1]).toBeGreaterThanOrEqual(pauses[0]!)
    expect(begun[2]).toBeGreaterThanOrEqual(pauses[1]!)
    // Nothing that it said was refuted.
    expect(site.starts()[1]?.prompt).toContain('\n> look again\n')
    expect(site.starts()[1]?.prompt).toContain('- iteration 1: it changed nothing')
  }, 120_000)

test('an agent that stops while its work does not pass: the work is rescued, and its reason is shown as its own', async () => {
  const reason = 'needs a person\u001b[2J\nand a key'
  site = await goalSite([{ ...adds('bad', { summary: '', stop: true, reason }) }])
  const ran = await site.cli(RUN)
  expect(ran).toMatchObject({ code: 5 })
  expect(standing(site)).toEqual({ kind: 'parked', code: 'stopped-by-agent', why: reason })
  expect(site.starts()).toHaveLength(1)
  const [ended] = ran.events.flatMap((one) => (one.type === 'attempt-ended' ? [one.data] : []))
  expect(site.show('src/bad.txt', ended?.rescue ?? '')).toBe('bad\n')
  expect(site.head()).toBe(site.git('rev-parse', 'HEAD').trim())
  const status = await site.cli(['status', '--batch', '--text'])
  expect(status.stdout).toContain('; 1 iteration, 0 in the head')
  const history = fs.readFileSync(path.join(path.dirname(ledgerOf(site).file), 'goal-history.md'), 'utf8')
  expect(history).toContain('What is quoted was said by an agent, and nobody checked it.')
  expect(history).toContain('## Iteration 1: it was parked: stopped-by-agent\n')
  // A line of it cannot become a heading of ours.
  expect(history).toContain('Reason:\n\n> needs a person\n> and a key\n\nIt wants to stop.')
  expect(status.stdout).toContain('stopped-by-agent: needs a person and a key')
}, 120_000)

test('an answer that nobody can read is no iteration: neither "completed": "true", nor a token in prose, nor none at all', async () => {
  site = await goalSite(
    [
      adds('a', '{"summary": "done", "completed": "true"}', '1.1'),
      adds('a', 'All is DONE.', '1.2'),
      { at: '2.1', steps: [{ write: 'src/a.txt' }] },
      adds('a', '[]', '2.2'),
    ],
    { supervisor: { limits: { agentFailures: 4 } } },
  )
  expect(await site.cli(RUN)).toMatchObject({ code: 7 })
  expect(site.starts()).toHaveLength(4)
  expect(site.head()).toBe(site.git('rev-parse', 'HEAD').trim())
}, 120_000)

if (long)
  test('a stop file, --iterations and a restart: the goal that was set goes on', async () => {
    site = await goalSite([])
    const stop = path.join(site.repo, '.codex-stop')
    site.script({
      goal: [
        {
          at: '1.1',
          steps: [{ write: 'src/1.txt', text: '1\n' }, { write: stop }],
          answer: { summary: 'one', next_goal: 'the second' },
        },
        adds('2', { summary: 'two', next_goal: 'the third' }, '2.1'),
        adds('3', { summary: 'three', completed: true }, '3.1'),
      ],
    })
    expect(await site.cli(RUN)).toMatchObject({ code: 6 })
    expect(site.show('src/1.txt')).toBe('1\n')
    expect(await site.cli(['run'])).toMatchObject({ code: 1 })
    fs.rmSync(stop)
    expect(await site.cli(['run', '--iterations', '1'])).toMatchObject({ code: 4 })
    const status = await site.cli(['status', '--batch', '--json'])
    expect(JSON.parse(status.stdout)).toMatchObject({
      state: 'active',
      items: [{ id: 'goal', file: 'plan.md', state: 'ready', attempt: 2 }],
      goal: {
        plan: 'plan.md',
        rules: null,
        goal: 'the third',
        iterations: 2,
        kept: 2,
        last: [
          { iteration: 1, failed: null, claimed: { summary: 'one', next_goal: 'the second' } },
          { iteration: 2, failed: null, commit: site.head() },
        ],
      },
    })
    // The same goal once more goes on with it, another one does not.
    site.write('other.md', '# Other\n')
    const other = await site.cli(['run', '--goal', 'other.md', '--scope', 'src/**', '--yes'])
    expect(other.code).toBe(1)
    expect(other.stderr + other.stdout).toContain('batch-open')
    expect(await site.cli(RUN)).toMatchObject({ code: 0 })
    expect(site.starts().map((one) => /^> (.*)$/m.exec(one.prompt)?.[1])).toEqual([
      undefined,
      'the second',
      'the third',
    ])
  }, 120_000)
