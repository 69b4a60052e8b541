import fs from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { long } from '../../rig/long.ts'
import { answer, states } from '../asked.ts'
import { besidesPublished, pictureOf } from '../person.ts'
import { killedProgram, stepsOf } from '../kill/killed.ts'
import { startCli } from '../rig.ts'
import { type Landable, dataOf, landable } from './site.ts'

/* `land --resolve`: a conflict with the target becomes an item, whose work is both, with the real git and a scripted agent. */

const program = killedProgram()
let one: Landable
beforeAll(async () => {
  one = await landable()
}, 300_000)
afterAll(() => one.remove())
beforeEach(() => one.reset())

/** The person changes the line that the item changed, and another file. */
function conflict(): string {
  one.write('src/lines.txt', 'eins\n2\n3\n4\n5\n6\n7\n8\n9\n')
  one.write('src/mine.txt', 'mine\n')
  one.git('add', '-A')
  one.git('commit', '-qm', 'count in @German\n\nFixes #1')
  return one.git('rev-parse', 'main').trim()
}

const BOTH = 'one, eins\n2\n3\n4\n5\n6\n7\n8\n9\n'

async function resolved(): Promise<Readonly<Record<string, unknown>>> {
  const said = await one.cli(['land', '--resolve', '--yes'])
  expect(said).toMatchObject({ code: 0, stderr: '' })
  return dataOf(said)
}

test('an agent joins both: marks that are left are told, and the target holds both in the end', async () => {
  const main = conflict()
  const head = one.head()
  const before = pictureOf(one.repo)
  expect(await one.cli(['land', '--merge'])).toMatchObject({ code: 5 })
  const asked = await one.cli(['land', '--resolve'])
  expect({ code: asked.code, said: dataOf(asked) }).toMatchObject({
    code: 1,
    said: { error_code: 'not-confirmed', details: { kind: 'item', paths: ['src/lines.txt'] } },
  })
  expect(await states(one)).toEqual({ '001': 'done' })
  expect(await resolved()).toMatchObject({
    ok: true,
    kind: 'item',
    noted: true,
    item: { id: '900001', scope: ['src/lines.txt'] },
  })
  expect(await resolved()).toMatchObject({ kind: 'waiting', id: '900001' })
  one.script({
    '900001': [
      {
        steps: [
          { sh: 'cp src/lines.txt src/seen.txt' },
          { remove: 'src/lines.txt' },
          { sh: 'mv src/seen.txt src/lines.txt' },
          { append: 'src/lines.txt', text: '10\n' },
        ],
      },
      { steps: [{ write: 'src/lines.txt', text: BOTH }] },
    ],
  })
  const ran = await one.cli(['run', '--json'])
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  const told = ran.events.flatMap((event) => (event.type === 'findings' ? event.data.findings : []))
  expect(told).toEqual([{ kind: 'conflict-marks', path: 'src/lines.txt' }])
  const prompts = one.starts().filter(({ item }) => item === '900001')
  expect(prompts).toHaveLength(2)
  expect(prompts[0]?.prompt).toContain('```\ncount in @German\n```')
  expect(prompts[1]?.prompt).toContain('are left in it')
  expect(await states(one)).toEqual({ '001': 'done', '900001': 'done' })
  // The person's tree stays as it was until the work is landed.
  const beside = besidesPublished(before, pictureOf(one.repo))
  expect(beside.filter((path) => !path.includes('refs/heads/autonomous-loop/'))).toEqual([])
  expect(one.git('rev-parse', 'main').trim()).toBe(main)
  const done = one.head()
  const landed = await answer(one, 0, 'land', '--merge')
  expect(landed).toMatchObject({ kind: 'landed', commit: done, joined: false })
  expect(one.git('log', '-1', '--format=%P', 'main').trim()).toBe(`${head} ${main}`)
  expect(one.git('show', 'main:src/lines.txt')).toBe(BOTH)
  expect(one.git('show', 'main:src/mine.txt')).toBe('mine\n')
  expect(one.git('show', 'main:src/cart.txt')).toBe('cart\n')
  expect(one.git('status', '--porcelain')).toBe('')
  expect(await one.cli(['audit', '--batch'])).toMatchObject({ code: 0 })
  expect(await one.cli(['land', '--resolve'])).toMatchObject({ code: 1 })
}, 300_000)

if (long)
  test('what an agent changes besides is told to it, while others move the head; a dropped join leaves all as it was', async () => {
    conflict()
    const head = one.head()
    await resolved()
    await answer(one, 0, 'drop', '900001')
    expect(await one.cli(['run', '--json'])).toMatchObject({ code: 0 })
    expect(await states(one)).toEqual({ '001': 'done', '900001': 'dropped' })
    expect(one.head()).toBe(head)
    // Asked for once more it is an item of its own.
    expect(await resolved()).toMatchObject({ kind: 'item', item: { id: '900002' } })
    one.script({
      '900002': [
        {
          steps: [
            { write: 'src/lines.txt', text: BOTH },
            { write: 'src/a.txt', text: 'more\n' },
          ],
        },
        { steps: [{ write: 'src/a.txt', text: 'a\n' }] },
      ],
    })
    // A person's commit comes into the head meanwhile: what it changed is no change of the agent's.
    one.git('switch', '-q', '-c', 'side', head)
    one.write('src/side.txt', 'side\n')
    one.git('add', '-A')
    one.git('commit', '-qm', 'side')
    expect(await one.cli(['batch', 'take', 'side'])).toMatchObject({ code: 0 })
    one.git('switch', '-q', 'main')
    const ran = await one.cli(['run', '--json'])
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    const verdicts = ran.events.flatMap((event) =>
      event.type === 'judged' ? [[event.data.verdict, ...event.data.blockers]] : [],
    )
    expect(verdicts).toEqual([['block', 'out-of-scope'], ['release']])
    expect(one.show('src/lines.txt')).toBe(BOTH)
    expect(one.show('src/side.txt')).toBe('side\n')
    expect(one.show('src/mine.txt')).toBe('mine\n')
    expect(one.show('src/a.txt')).toBe('a\n')
    expect(await one.cli(['audit', '--batch'])).toMatchObject({ code: 0 })
    expect(await answer(one, 0, 'land', '--merge')).toMatchObject({ kind: 'landed', joined: false })
  }, 300_000)

test('what joins by itself, what has no lines, and an agent that asks', async () => {
  const none = await one.cli(['land', '--resolve', '--yes'])
  expect({ code: none.code, said: dataOf(none) }).toMatchObject({ code: 1, said: { kind: 'none' } })
  const agent = await one.cli(['land', '--resolve', '--yes'], { CODEX_TOOL_CALL_ID: 'x' })
  expect(dataOf(agent)).toMatchObject({ ok: false, error_code: 'person-only' })
  one.git('rm', '-q', 'src/lines.txt')
  one.git('commit', '-qm', 'gone')
  const gone = await one.cli(['land', '--resolve', '--yes'])
  expect({ code: gone.code, said: dataOf(gone) }).toMatchObject({
    code: 5,
    said: { kind: 'by-hand', error_code: 'land-conflict', paths: ['src/lines.txt'] },
  })
  expect(await states(one)).toEqual({ '001': 'done' })
}, 300_000)

test('killed at any step, the same command goes on', async () => {
  const killed = async (at: number): Promise<readonly string[]> => {
    one.reset()
    fs.rmSync(one.at('steps'), { force: true })
    conflict()
    const more = { ...one.env, KILLED_AT: String(at), KILLED_LOG: one.at('steps') }
    const ran = await startCli(one.repo, ['land', '--resolve', '--yes'], more, program()).done
    expect({ at, code: ran.code }).toEqual({ at, code: at === 0 ? 0 : null })
    return stepsOf(one)
  }
  const steps = await killed(0)
  expect(steps).toContain('join')
  // The short form ends it where the join is made, which stands twice: before it and after it.
  for (const [nth, step] of steps.entries()) {
    if (!long && (step !== 'join' || nth !== steps.lastIndexOf('join'))) continue
    await killed(nth + 1)
    expect((await resolved())['kind']).toMatch(/^(?:item|waiting)$/)
    expect(await states(one)).toEqual({ '001': 'done', '900001': 'ready' })
  }
}, 300_000)
