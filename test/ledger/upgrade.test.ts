import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { loadBaseline } from '../../src/evidence/baseline-file.ts'
import type { LedgerEvent } from '../../src/ledger/events.ts'
import { type World, makeWorld } from '../faults/world.ts'
import { long } from '../rig/long.ts'
import { oldActivation, oldStop, writeAs03 } from './written-by-03.ts'

let world: World
beforeEach(() => {
  world = makeWorld()
})
afterEach(() => world.remove())

const say = (prompt: string): Promise<unknown> =>
  world.call('user-prompt-submit', { more: { prompt, turn_id: prompt } })
const stop = async (message = 'Done.'): Promise<string> =>
  (await world.call('stop', { more: { stop_hook_active: false, last_assistant_message: message } })).kind
const upgrade = (): void => writeAs03(world.paths, world.events())
const run = (): ReturnType<World['state']>['runs'][number] | undefined => world.state().runs.at(-1)

if (long)
  test('what stands for 0.3.0 here has the members that 0.3.0 wrote', async () => {
    await say('$autonomous-loop Write the work file')
    await stop()
    const lines = fs
      .readFileSync(path.join(import.meta.dirname, '..', 'fixtures', 'ledger-0.3.0', 'steered.jsonl'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as LedgerEvent)
    const real = (type: string): string[] =>
      Object.keys(lines.find((event) => event.type === type)?.data ?? {}).sort()
    const own = world.events()
    const [activated, stopped] = [
      own.find((one) => one.type === 'activated'),
      own.find((one) => one.type === 'stop'),
    ]
    if (activated?.type !== 'activated' || stopped?.type !== 'stop') throw new Error('no run')
    expect(Object.keys(oldActivation(activated.data)).sort()).toEqual(real('activated'))
    expect(Object.keys(oldStop(stopped.data)).sort()).toEqual(real('stop'))
  })

test('an open run of 0.3.0 is judged on as before: its count, its limits, its release', async () => {
  await say('$autonomous-loop Write the work file')
  expect(await stop()).toBe('block')
  expect(await stop('Again.')).toBe('block')
  upgrade()
  expect(run()).toMatchObject({ status: 'active', iteration: 2, repeated: 2 })
  // The third time without a change: the limit is reached exactly where it would have been.
  expect(await stop('And again.')).toBe('block')
  expect(run()).toMatchObject({
    status: 'halted',
    halt: { kind: 'limit', limit: 'maxRepeatedFailureSignature', reached: 3 },
  })
  upgrade()
  await say('autonomous-loop resume')
  expect(run()).toMatchObject({ status: 'active', iteration: 0 })
  world.write('src/work.txt', 'right')
  expect(await stop()).toBe('message')
  expect(run()).toMatchObject({ status: 'released' })
})

test('a changed gate that 0.3.0 had shown is asked about at the next stop, not shown again', async () => {
  await say('$autonomous-loop Write the work file')
  world.write('src/work.txt', 'wrong')
  world.write('check.sh', 'exit 0\n')
  expect(await stop()).toBe('block')
  upgrade()
  expect(await stop('Again.')).toBe('end')
  expect(run()).toMatchObject({ status: 'parked', park: { kind: 'definition' } })
})

if (long)
  test('an open run of 0.3.0 goes on in place, with the config and the baseline that it has', async () => {
    await say('$autonomous-loop Write the work file')
    world.write('src/work.txt', 'wrong')
    expect(await stop()).toBe('block')
    upgrade()
    const { baselines = [], config } = run()?.activation ?? {}
    const baseline = baselines.map((sha) => loadBaseline(world.paths.dir, sha))[0]
    expect(baseline?.ok === true && Object.keys(baseline.value)).not.toContain('refs')
    expect(config?.policy.verify).toBeUndefined()
    world.write('src/work.txt', 'right')
    expect(await stop('Again.')).toBe('message')
    expect(run()).toMatchObject({ status: 'released' })
    expect(run()?.lastStop?.commands.map(({ box }) => box?.place)).toEqual([undefined])
    expect(fs.existsSync(world.all.rooms)).toBe(false)
  })
