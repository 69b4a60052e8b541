import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { findCodexProcess } from '../../src/codex/processes.ts'
import { sha256 } from '../../src/base/hash.ts'
import type { HookAnswer } from '../../src/codex/types.ts'
import { amend } from '../../src/control/amend.ts'
import { lookAtDefinition } from '../../src/definition/look.ts'
import { act } from '../../src/control/person.ts'
import { onStop } from '../../src/hooks/stop.ts'
import { watchRun } from '../../src/judging/watch-run.ts'
import { writeMarker } from '../../src/ledger/markers.ts'
import { sessionPaths } from '../../src/ledger/paths.ts'
import { type RunState, openRun } from '../../src/ledger/state.ts'
import { type World, arm, gateScript, makeWorld, must, plainConfig, spoolRoot } from '../faults/world.ts'
import { long } from '../rig/long.ts'

let world: World
beforeEach(() => {
  world = makeWorld()
})
afterEach(() => world.remove())

const raw = 'the payload'
function stop(sessionId = world.session, more: object = {}): Promise<HookAnswer> {
  const payload = {
    event: 'Stop',
    sessionId,
    cwd: world.repo,
    transcriptPath: null,
    model: null,
    agentId: null,
    turnId: 't1',
    stopHookActive: false,
    lastAssistantMessage: 'Done.',
    ...more,
  } as const
  const deadline = Date.now() + 60_000
  return onStop(world.context, payload, {
    parentPid: process.pid,
    raw,
    deadline,
    codex: findCodexProcess(process.pid),
    unguard: () => undefined,
  })
}
const run = (): RunState => {
  const open = openRun(world.state())
  if (!open) throw new Error('no open run')
  return open
}
const ofType = (type: string): unknown[] => world.events().filter((event) => event.type === type)
const textOf = (answer: HookAnswer): string => JSON.stringify(answer)
function garbage(session = world.session): string {
  const spool = path.join(path.dirname(spoolRoot(world)), session)
  fs.mkdirSync(spool, { recursive: true, mode: 0o700 })
  fs.writeFileSync(path.join(spool, '1.json'), '{"action":"release"}')
  return spool
}

describe('a stop that cannot be judged', () => {
  test('ends the turn, is on record with its reason, and changes nothing of the run', async () => {
    await arm(world)
    for (const name of fs.readdirSync(world.paths.dir).filter((one) => one.startsWith('baseline-')))
      fs.rmSync(path.join(world.paths.dir, name))
    expect(await stop()).toMatchObject({
      kind: 'end',
      stopReason: expect.stringMatching(/failed closed: .* does not exist\. The contract .* stays open/),
    })
    expect(ofType('unjudged')).toMatchObject([
      { data: { why: expect.stringMatching(/does not exist$/), payloadSha256: sha256(raw) } },
    ])
    expect(run()).toMatchObject({ status: 'active', stops: 0, iteration: 0, lastStop: null })
  })

  test('an agent that keeps git from looking is held until the limit, and told what is wrong', async () => {
    await arm(world)
    world.write('src/work.txt', 'right')
    execFileSync('mkfifo', [path.join(world.repo, 'src', '.gitignore')])
    const first = await stop()
    expect(first).toMatchObject({ kind: 'block', reason: expect.stringContaining('src/.gitignore') })
    expect(await stop()).toMatchObject({ kind: 'block' })
    expect(await stop()).toMatchObject({ kind: 'block', reason: expect.stringContaining('last block') })
    expect(run()).toMatchObject({ status: 'halted', stops: 3 })
  })

  if (long)
    test('because its record does not hold: noted where it can be', async () => {
      await arm(world)
      fs.rmSync(world.paths.marker)
      expect(await stop()).toMatchObject({ kind: 'end' })
      expect(ofType('unjudged')).toMatchObject([{ data: { why: expect.stringContaining('no marker') } }])
    })
})

describe('a person acts while a gate runs', () => {
  const fifo = (): string => path.join(world.dir, 'go')
  /** Resolves when the gate waits for a word. */
  const gateWaits = (): Promise<fs.promises.FileHandle> => fs.promises.open(fifo(), 'w')
  const goOn = async (gate: fs.promises.FileHandle): Promise<void> => {
    await gate.write('go\n')
    await gate.close()
  }
  beforeEach(async () => {
    execFileSync('mkfifo', [fifo()])
    world.write('check.sh', `[ -e '${fifo()}' ] && read go <'${fifo()}'\n${gateScript}`)
    await arm(world)
    world.write('src/work.txt', 'right')
  })

  if (long)
    test('and accepts another config: the stop is judged by that, not held for the difference', async () => {
      const answer = stop()
      const first = await gateWaits()
      const slower = { check: { ...plainConfig.commands.check, timeoutSeconds: 61 } }
      world.write('.codex/autoloop.project.json', JSON.stringify({ ...plainConfig, commands: slower }))
      const digest = lookAtDefinition(run().activation).drift?.digest ?? ''
      must(amend(world.context, world.session, run(), digest, 'terminal', null))
      fs.rmSync(fifo())
      await goOn(first)
      expect(textOf(await answer)).toContain('released.')
      expect(ofType('stop')).toHaveLength(1)
    })

  test('and disables: the gate is ended, and nobody is held', async () => {
    const answer = stop()
    const gate = await gateWaits()
    must(act(world.context, world.session, 'disable', 'terminal', null))
    expect(await answer).toMatchObject({ kind: 'message', text: expect.stringContaining('is disabled') })
    await gate.close()
    expect(ofType('stop')).toEqual([])
  })
})

if (long)
  test('a run that was closed before the watch began is seen as well', async () => {
    await arm(world)
    const { runId } = run()
    must(act(world.context, world.session, 'pause', 'terminal', null))
    const watch = watchRun(sessionPaths(world.home, world.session), runId, 60_000)
    watch.close()
    expect([watch.signal.aborted, watch.signal.reason]).toEqual([true, 'run-left'])
  })

describe('a request that was refused is told', () => {
  if (long)
    test('with a release', async () => {
      await arm(world)
      world.write('src/work.txt', 'right')
      garbage()
      const answer = await stop()
      expect(textOf(answer)).toMatch(/released\..*only enable and wait|only enable and wait.*released\./)
      expect(fs.readdirSync(spoolRoot(world))).toEqual([])
    })

  if (long)
    test('while the run is paused', async () => {
      await arm(world)
      must(act(world.context, world.session, 'pause', 'terminal', null))
      garbage()
      expect(textOf(await stop())).toContain('only enable and wait')
      expect(await stop()).toEqual({ kind: 'nothing' })
    })
})

test('a session whose run is closed is not held, whatever is wrong with its files', async () => {
  await arm(world)
  must(act(world.context, world.session, 'release', 'terminal', null))
  fs.rmSync(world.paths.intakeLock, { recursive: true, force: true })
  fs.writeFileSync(world.paths.intakeLock, '')
  expect(await stop()).toEqual({ kind: 'nothing' })
})

test('a start that was cut short and cannot be finished holds the session', async () => {
  await arm(world)
  const session = randomUUID()
  const paths = sessionPaths(world.home, session)
  writeMarker(paths, {
    v: 1,
    started: false,
    activation: {
      ...run().activation,
      origin: { kind: 'session', sessionId: session, mode: 'prompt', armedBy: 'prompt' },
    },
    at: 1,
  })
  fs.writeFileSync(paths.appendLock, '')
  expect(await stop(session)).toMatchObject({
    kind: 'end',
    stopReason: expect.stringContaining('cut short'),
  })
  fs.rmSync(paths.appendLock)
  for (const name of fs.readdirSync(world.paths.dir).filter((one) => one.startsWith('baseline-')))
    fs.copyFileSync(path.join(world.paths.dir, name), path.join(paths.dir, name))
  expect(await stop(session)).toMatchObject({ kind: 'block' })
})
