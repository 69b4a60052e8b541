import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type World, arm, makeWorld, plainConfig } from '../faults/world.ts'

let world: World
beforeEach(() => {
  world = makeWorld()
})
afterEach(() => world.remove())

test('a command of the agent that begins while the gates run is named, too', async () => {
  const at = (name: string): string => path.join(world.dir, name)
  world.write('check.sh', `touch '${at('running')}'; until [ -e '${at('go')}' ]; do sleep 0.02; done`)
  world.approve({ ...plainConfig, commands: { check: { argv: ['sh', 'check.sh'] } } })
  await arm(world)
  world.write('src/work.txt', 'right')
  const stop = world.call('stop')
  while (!fs.existsSync(at('running'))) await new Promise((resolve) => setImmediate(resolve))
  const left = spawn('/bin/sh', ['-c', 'echo up; while :; do sleep 0.05; done'], {
    env: { PATH: '/usr/bin:/bin', CODEX_THREAD_ID: world.session, CODEX_CI: '1' },
    cwd: world.dir,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    await new Promise((resolve) => left.stdout.once('data', resolve))
    fs.writeFileSync(at('go'), '')
    expect(await stop).toMatchObject({
      kind: 'block',
      text: expect.stringContaining(`processes of this session still run: ${left.pid} /bin/sh`),
    })
    expect((await world.call('stop')).text).toContain(`were ended before it: ${left.pid} /bin/sh`)
  } finally {
    left.kill('SIGKILL')
  }
})
