import fs from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { amend } from '../../src/control/amend.ts'
import { openRun } from '../../src/ledger/state.ts'
import { status } from '../../src/views/status.ts'
import { type World, arm, makeWorld, must } from '../faults/world.ts'

let world: World
beforeEach(async () => {
  world = makeWorld()
  await arm(world)
})
afterEach(() => world.remove())

test('a repository that was renamed is named as that, not as a changed gate definition; put back, it is judged on', async () => {
  fs.renameSync(world.repo, `${world.repo}.moved`)
  const why = `the repository is no longer at ${world.repo}`
  const stopped = await world.call('stop', { cwd: world.dir })
  expect(stopped).toMatchObject({ kind: 'end', text: expect.stringContaining(why) })
  expect(stopped.text).not.toContain('gate definition')
  const run = openRun(world.state())
  expect(run).toMatchObject({ status: 'active', stops: 0 })
  if (!run) return
  expect(amend(world.context, world.session, run, '0123456789ab', 'terminal', null)).toMatchObject({
    ok: false,
    error: { code: 'repo-gone' },
  })
  const asked = { sessionId: world.session, runId: null }
  const [told] = must(status(world.context, world.dir, asked)).sessions
  expect(told).toMatchObject({ repo_gone: true, next: expect.stringContaining(why) })
  fs.renameSync(`${world.repo}.moved`, world.repo)
  expect(await world.call('stop')).toMatchObject({ kind: 'block' })
})
