import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { readSession } from '../../src/ledger/store.ts'
import { type World, arm, makeWorld } from '../faults/world.ts'

let world: World
beforeEach(() => {
  world = makeWorld()
})
afterEach(() => world.remove())

test('a run that a person moved still knows what the session it came from left running, and its sub-agents', async () => {
  await arm(world)
  world.write('src/work.txt', 'right')
  const child = { agent_id: randomUUID(), agent_type: 'worker', agent_transcript_path: null }
  await world.call('subagent-start', { more: child })
  const marks = { PATH: '/usr/bin:/bin', CODEX_THREAD_ID: world.session, CODEX_CI: '1' }
  const left = spawn('/bin/sh', ['-c', 'echo up; while :; do sleep 0.05; done'], {
    env: marks,
    cwd: world.dir,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const gone = new Promise((resolve) => left.once('exit', resolve))
  try {
    await new Promise((resolve) => left.stdout.once('data', resolve))
    const [run] = world.state().runs
    const there = { session_id: randomUUID() }
    await world.call('session-start', { more: there })
    const prompt = `autonomous-loop resume ${run?.runId}`
    expect(await world.call('user-prompt-submit', { more: { ...there, prompt } })).toMatchObject({
      kind: 'end',
      text: expect.stringContaining('moved'),
    })
    const stop = () => world.call('stop', { more: there })
    expect((await stop()).text).toContain('a sub-agent is still at work')
    await world.call('subagent-stop', { more: { ...child, ...there } })
    expect((await stop()).text).toContain(`processes of this session still run: ${left.pid} /bin/sh`)
    expect((await stop()).text).toContain(`were ended before it: ${left.pid} /bin/sh`)
    await gone
    const moved = readSession(world.home, there.session_id)
    expect(moved.ok && moved.value.state.runs.map((one) => one.status)).toEqual(['released'])
  } finally {
    left.kill('SIGKILL')
  }
})
