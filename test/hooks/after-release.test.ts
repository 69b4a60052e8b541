import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { writeLive } from '../../src/records/live.ts'
import { beginning, encodeEvents } from '../../src/ledger/chain.ts'
import type { NewEvent } from '../../src/ledger/events.ts'
import type { RunState } from '../../src/ledger/state.ts'
import { settleReleases } from '../../src/setup/settle-releases.ts'
import { type Called, type World, arm, makeWorld, must } from '../faults/world.ts'
import { addCommand, addMessage } from '../rig/transcript.ts'
import { long } from '../rig/long.ts'

/* What the events after a release mean, by real hook processes; the same with the real Codex is in test/heart. */

let world: World
let transcript: string
beforeEach(async () => {
  world = makeWorld()
  transcript = path.join(world.dir, 'transcript.jsonl')
  addMessage(transcript, 'Let me begin.')
  await arm(world)
  world.write('src/work.txt', 'right')
})
afterEach(() => world.remove())

const stop = (turn: string, more: object = {}): Promise<Called> =>
  world.call('stop', { more: { turn_id: turn, transcript_path: transcript, ...more } })
const prompt = (turn: string, text = 'and now?', more: object = {}): Promise<Called> =>
  world.call('user-prompt-submit', {
    more: { turn_id: turn, transcript_path: transcript, prompt: text, ...more },
  })
const run = (): RunState => {
  const last = world.state().runs.at(-1)
  if (!last) throw new Error('no run')
  return last
}
const ofType = (type: string): unknown[] => world.events().filter((event) => event.type === type)
const isMarked = (): boolean => fs.existsSync(world.paths.marker) || fs.existsSync(world.paths.openFlag)

async function released(): Promise<void> {
  expect(await stop('t1')).toMatchObject({ kind: 'message', text: expect.stringContaining('released') })
  expect(run()).toMatchObject({ status: 'released', release: { standing: 'provisional', turnId: 't1' } })
  expect(isMarked()).toBe(true)
}

/** The agent does something that no hook of ours hears of. */
const agentWrites = (file: string, text: string): void => {
  world.write(file, text)
  addCommand(transcript, `echo > ${file}`, '')
}

/** As if the look of the release had taken so long. */
function lookedFor(lookMs: number): void {
  const events = world.events().map(({ type, data }): NewEvent => {
    const one = { type, data } as NewEvent
    return one.type === 'stop' && one.data.provisional
      ? { ...one, data: { ...one.data, provisional: { ...one.data.provisional, lookMs } } }
      : one
  })
  fs.writeFileSync(world.paths.ledger, encodeEvents(beginning, null, Date.now(), events).bytes)
}

describe('another stop without a prompt before it', () => {
  test('opens the run again, and is judged: what the agent broke is a block', async () => {
    await released()
    agentWrites('src/work.txt', 'wrong')
    const answer = await stop('t2')
    expect(answer).toMatchObject({ kind: 'block', text: expect.stringContaining('after its release') })
    expect(answer.text).toContain('CHECK: src/work.txt is not right')
    expect(ofType('reopened')).toMatchObject([{ data: { by: 'stop', turnId: 't2', changes: null } }])
    // Limits go on where they were.
    expect(run()).toMatchObject({ status: 'active', iteration: 1, stops: 2, reopened: {} })

    agentWrites('src/work.txt', 'right')
    expect(await stop('t2', { stop_hook_active: true })).toMatchObject({ kind: 'message' })
    expect(run()).toMatchObject({ status: 'released', release: { standing: 'provisional', turnId: 't2' } })
    expect(run().reopened).toBeUndefined()
  })

  if (long)
    test('in the same turn, where another hook had blocked the released stop, too', async () => {
      await released()
      agentWrites('src/work.txt', 'wrong')
      expect(await stop('t1', { stop_hook_active: true })).toMatchObject({ kind: 'block' })
      expect(run()).toMatchObject({ status: 'active', iteration: 1 })
    })

  if (long)
    test('the released stop itself, heard by a second hook of ours, is none', async () => {
      await released()
      expect(await stop('t1')).toMatchObject({ kind: 'nothing' })
      expect(run()).toMatchObject({ status: 'released', stops: 1 })
      expect(ofType('reopened')).toEqual([])
    })

  if (long)
    test('without a transcript it is judged, whatever it says', async () => {
      expect(await stop('t1', { transcript_path: null })).toMatchObject({ kind: 'message' })
      expect(await stop('t2', { transcript_path: null })).toMatchObject({ kind: 'message' })
      expect(run()).toMatchObject({ status: 'released', stops: 2 })
      expect(ofType('reopened')).toHaveLength(1)
    })
})

describe("the person's next prompt", () => {
  if (long)
    test('makes it final, and nothing is said, and no later stop is ours', async () => {
      await released()
      expect(await prompt('t2')).toMatchObject({ kind: 'nothing' })
      expect(run()).toMatchObject({
        status: 'released',
        release: { standing: 'final', look: { how: 'prompt', looked: 'unchanged' } },
      })
      expect(isMarked()).toBe(false)
      agentWrites('src/work.txt', 'wrong')
      expect(await stop('t2')).toMatchObject({ kind: 'nothing' })
      expect(run()).toMatchObject({ status: 'released', stops: 1 })
    })

  if (long)
    test("a person's own edit before it is named, and opens nothing", async () => {
      await released()
      world.write('src/work.txt', 'wrong')
      world.write('notes.txt', 'mine')
      const answer = await prompt('t2')
      expect(answer).toMatchObject({
        kind: 'message',
        text: expect.stringContaining('notes.txt, src/work.txt'),
      })
      expect(answer.text).toContain('No turn of the agent ran after it, so the release stays')
      expect(ofType('finalised')).toMatchObject([
        { data: { looked: 'changed', changes: { paths: ['notes.txt', 'src/work.txt'], more: 0 } } },
      ])
      expect(ofType('reopened')).toEqual([])
    })

  if (long)
    test('so is one of the config, and of what it starts', async () => {
      await released()
      fs.appendFileSync(path.join(world.repo, '.codex/autoloop.project.json'), '\n')
      expect((await prompt('t2')).text).toContain('.codex/autoloop.project.json')
      expect(run()).toMatchObject({ status: 'released', release: { standing: 'final' } })
    })

  test('where a turn of the agent was cut off before its stop, its change opens the run again', async () => {
    await released()
    agentWrites('src/work.txt', 'wrong')
    const answer = await prompt('t3')
    expect(answer.text).toContain(
      'is open again: the agent went on after its release and changed: src/work.txt',
    )
    expect(run()).toMatchObject({ status: 'active', unjudgedTurn: 't3' })
    expect(ofType('prompt')).toHaveLength(1)
    expect(await stop('t3')).toMatchObject({ kind: 'block' })
  })

  if (long)
    test('and where such a turn changed nothing, the release is final', async () => {
      await released()
      addCommand(transcript, 'ls', 'src')
      expect(await prompt('t3')).toMatchObject({ kind: 'nothing' })
      expect(run()).toMatchObject({ status: 'released', release: { standing: 'final' } })
    })

  if (long)
    test('an order of ours is one as well; to let the session go needs no look', async () => {
      await released()
      expect(await prompt('t2', 'autonomous-loop waive')).toMatchObject({ kind: 'block' })
      expect(run()).toMatchObject({
        status: 'released',
        release: { standing: 'final', look: { looked: 'not-looked' } },
      })
      expect(isMarked()).toBe(false)
    })

  test('a new objective begins another run beside the final release', async () => {
    await released()
    const armed = await prompt('t2', '$autonomous-loop Do more')
    expect(armed).toMatchObject({ kind: 'context' })
    expect(world.state().runs).toMatchObject([
      { status: 'released', release: { standing: 'final', look: { how: 'prompt' } } },
      { status: 'active' },
    ])
    expect(isMarked()).toBe(true)
  })

  if (long)
    test('where the look would take longer than a second, it stays provisional until the stop of that turn', async () => {
      await released()
      lookedFor(1_001)
      expect(await prompt('t2')).toMatchObject({ kind: 'nothing' })
      expect(run()).toMatchObject({ release: { standing: 'provisional', prompted: true } })
      // From here on all is the person's.
      agentWrites('src/work.txt', 'wrong')
      expect(await stop('t2')).toMatchObject({ kind: 'nothing' })
      expect(ofType('finalised')).toMatchObject([
        { data: { how: 'stop', looked: 'changed', changes: { paths: ['src/work.txt'] } } },
      ])
      expect(ofType('reopened')).toEqual([])
      expect(isMarked()).toBe(false)
    })
})

describe('what else the agent does after its release', () => {
  if (long)
    test('a sub-agent that it starts is on record, and holds the stop that follows', async () => {
      await released()
      const child = { agent_id: 'child-1', agent_type: 'helper', transcript_path: null }
      await world.call('subagent-start', { more: { turn_id: 't2', ...child } })
      expect(run()).toMatchObject({
        release: { standing: 'provisional', worked: true },
        children: [{ id: 'child-1' }],
      })
      expect(await stop('t2')).toMatchObject({ kind: 'block', text: expect.stringContaining('helper') })
    })

  if (long)
    test('without a transcript, that alone tells whose a change is', async () => {
      await stop('t1', { transcript_path: null })
      await world.call('subagent-start', { more: { agent_id: 'child-1', agent_type: 'helper' } })
      world.write('src/work.txt', 'wrong')
      expect((await prompt('t2', 'go on', { transcript_path: null })).text).toContain('is open again')
    })

  test('an enable of its own cannot take the place of what was released', async () => {
    await released()
    const live = {
      v: 1,
      sessionId: world.session,
      codex: null,
      at: 1,
      cwd: world.repo,
      source: 'startup',
      repoRoot: world.repo,
      head: null,
      spool: path.join(world.dir, 'spool'),
      config: null,
      pins: null,
    } as const
    must(writeLive(world.home, live))
    fs.mkdirSync(live.spool, { mode: 0o700 })
    fs.writeFileSync(path.join(live.spool, '1.json'), '{"action":"enable"}')
    agentWrites('src/work.txt', 'wrong')
    await world.call('post-tool-use', { more: { tool_name: 'shell', tool_input: {} } })
    expect(ofType('reopened')).toMatchObject([{ data: { by: 'request' } }])
    expect(world.state().runs).toMatchObject([{ status: 'active' }])
  })

  if (long)
    test('a start of the session, after a resume or a compaction, changes nothing', async () => {
      await released()
      for (const source of ['resume', 'compact']) await world.call('session-start', { more: { source } })
      expect(run()).toMatchObject({ status: 'released', release: { standing: 'provisional', worked: false } })
      expect(isMarked()).toBe(true)
    })
})

describe('hygiene, once Codex is gone', () => {
  const day = 24 * 3_600_000
  if (long)
    test('a release that looks as it was is final', async () => {
      await released()
      expect(await settleReleases(world.context, day)).toEqual([world.session])
      expect(run()).toMatchObject({
        release: { standing: 'final', look: { how: 'session-end', looked: 'unchanged' } },
      })
      expect(isMarked()).toBe(false)
      expect(await settleReleases(world.context, day)).toEqual([])
    })

  test("what the agent did before it was killed opens the run again; anybody else's change is named", async () => {
    await released()
    agentWrites('src/work.txt', 'wrong')
    await settleReleases(world.context, day)
    expect(run()).toMatchObject({ status: 'active', reopened: { changes: { paths: ['src/work.txt'] } } })
    expect(isMarked()).toBe(true)
  })

  if (long)
    test('what cannot be looked at stays for a day, unless the repository is gone', async () => {
      await released()
      const baselines = fs.readdirSync(world.paths.dir).filter((name) => name.startsWith('baseline-'))
      for (const name of baselines) fs.rmSync(path.join(world.paths.dir, name))
      expect(await settleReleases(world.context, day)).toEqual([])
      expect(run()).toMatchObject({ release: { standing: 'provisional' } })
      const later = { ...world.context, clock: () => Date.now() + day }
      expect(await settleReleases(later, day)).toEqual([world.session])
      expect(run()).toMatchObject({ release: { standing: 'final', look: { looked: 'not-looked' } } })
    })
})
