import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sessionPaths } from '../../src/ledger/paths.ts'
import { long, sampleOf } from '../rig/long.ts'
import { type ShimEvent, type World, arm, makeWorld, spoolRoot } from './world.ts'

/*
 * Something that an agent left is read before anything is judged; what if that never ends? Here every hook spins as soon
 * as it reads the spooled request, at full speed: no timer of its own fires any more.
 */
const preload = path.join(import.meta.dirname, 'children', 'spin.cjs')

function leave(world: World, text = '{"action":"autoloop-test-spin"}', name = '1.json'): void {
  fs.mkdirSync(spoolRoot(world), { recursive: true, mode: 0o700 })
  fs.writeFileSync(path.join(spoolRoot(world), name), text, { mode: 0o600 })
}
const names = (world: World): string[] => fs.readdirSync(spoolRoot(world))
const prompt = (text: string): { more: { prompt: string } } => ({ more: { prompt: text } })

describe('a request that can never be taken in', () => {
  let world: World
  beforeEach(() => {
    world = makeWorld({ preload })
  })
  afterEach(() => world.remove())

  test('a stop of a held session is answered at its deadline, to agent and person', async () => {
    world.machine(4)
    await arm(world)
    leave(world)
    const stop = await world.call('stop')
    expect(stop).toMatchObject({ kind: 'block', code: 0 })
    expect(stop.text).toContain("could not be judged before the hook's deadline")
    expect(world.state().runs[0]).toMatchObject({ status: 'active', stops: 0 })
    await until(() => fs.existsSync(sessionPaths(world.home, world.session).unjudgedNote))
  })

  if (long)
    test('a stop of a session that nothing holds ends with a word, and holds nobody', async () => {
      world.machine(4)
      await world.call('session-start')
      leave(world)
      const stop = await world.call('stop')
      expect(stop).toMatchObject({ kind: 'message', code: 0 })
      expect(stop.text).toContain('a request that was left is not carried out')
      expect(fs.existsSync(sessionPaths(world.home, world.session).unjudgedNote)).toBe(false)
    })

  const verbs = [
    ['disable', 'disabled'],
    ['release', 'waived'],
  ] as const
  test.each(sampleOf(verbs, 2))(
    'the person types %s: carried out at once, and what the agent asked for goes with it',
    async (verb, status) => {
      await arm(world)
      leave(world)
      leave(world, '{}', '2.json')
      const said = await world.call('user-prompt-submit', prompt(`autonomous-loop ${verb}`))
      expect(said.kind).toBe('end')
      expect(said.text).toContain('2 requests that the agent had left will not be carried out')
      expect(world.state().runs[0]?.status).toBe(status)
      expect(names(world)).toEqual([])
      expect(await world.call('stop')).toMatchObject({ kind: 'nothing' })
    },
  )

  if (long)
    test('disable without a run still takes away what would arm the session at the next stop', async () => {
      await world.call('session-start')
      leave(world)
      const said = await world.call('user-prompt-submit', prompt('autonomous-loop disable'))
      expect(said.text).toContain('1 request that the agent had left will not be carried out')
      expect(said.text).toContain('no open run')
      expect(names(world)).toEqual([])
    })
})

test('every other hook answers before Codex ends it, and none says that it is armed', async () => {
  const calls: readonly (readonly [ShimEvent, Record<string, unknown>, boolean, string, string])[] = [
    [
      'user-prompt-submit',
      { prompt: '$autonomous-loop Make it right' },
      false,
      'context',
      'autonomous-loop is NOT armed, as far as is known',
    ],
    [
      'user-prompt-submit',
      { prompt: 'autonomous-loop status' },
      true,
      'block',
      'autonomous-loop: status is not known to be applied',
    ],
    [
      'user-prompt-submit',
      { prompt: 'autonomous-loop pause' },
      true,
      'block',
      'autonomous-loop: pause is not known to be applied',
    ],
    [
      'user-prompt-submit',
      { prompt: 'And now?' },
      true,
      'message',
      'autonomous-loop could not look at this prompt',
    ],
    ['session-start', {}, true, 'message', 'autonomous-loop is not watching'],
    [
      'post-tool-use',
      { tool_name: 'update_plan', tool_input: { plan: [] } },
      true,
      'message',
      'autonomous-loop is not watching',
    ],
  ]
  const played = sampleOf(calls, 2)
  // Side by side: each waits for the same deadline.
  const seen = await Promise.all(
    played.map(async ([event, more, armed]) => {
      const own = makeWorld({ preload })
      try {
        if (armed) await arm(own)
        leave(own)
        const { kind, text } = await own.call(event, { more })
        return [event, kind, text.replace(/: the hook did not[^]*/, '')]
      } finally {
        own.remove()
      }
    }),
  )
  expect(seen).toEqual(played.map(([event, , , kind, text]) => [event, kind, text]))
}, 180_000)

/** Waits for something that no message tells of: the process it happens in is gone. */
async function until(there: () => boolean): Promise<void> {
  while (!there()) await new Promise((resolve) => setTimeout(resolve, 50))
}
